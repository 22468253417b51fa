"""Misconception: averages-weigh-alike

caught-by: test_the_average_is_that_of_the_classes
says: the order of the two steps changes the result
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
    precision = sum(one[0] for one in scores) / len(scores)
    recall = sum(one[1] for one in scores) / len(scores)
    total = precision + recall
    return scores, 2 * precision * recall / total if total else 0.0
