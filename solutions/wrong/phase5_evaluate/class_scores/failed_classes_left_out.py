"""Misconception: failed-class-left-out

caught-by: test_a_class_that_is_given_up_stays_in_the_average
says: a network must not look better because it gives a class up
"""


def class_scores(matrix):
    scores = []
    for k in range(len(matrix)):
        right = int(matrix[k][k])
        of_class = sum(int(matrix[k][other]) for other in range(len(matrix)))
        called = sum(int(matrix[other][k]) for other in range(len(matrix)))
        precision = right / called if called else 0.0
        recall = right / of_class if of_class else 0.0
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        scores.append((precision, recall, f1))
    defined = [f1 for _, _, f1 in scores if f1 > 0]
    return scores, sum(defined) / len(defined) if defined else 0.0
