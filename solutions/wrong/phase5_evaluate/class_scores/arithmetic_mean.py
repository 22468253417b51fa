"""Misconception: f1-is-the-mean

caught-by: test_f1_is_the_harmonic_mean[a low recall]
says: F1 is the harmonic mean, which stays near the lower of the two
"""


def class_scores(matrix):
    scores = []
    for k in range(len(matrix)):
        right = int(matrix[k][k])
        of_class = sum(int(matrix[k][other]) for other in range(len(matrix)))
        called = sum(int(matrix[other][k]) for other in range(len(matrix)))
        precision = right / called if called else 0.0
        recall = right / of_class if of_class else 0.0
        f1 = (precision + recall) / 2
        scores.append((precision, recall, f1))
    return scores, sum(f1 for _, _, f1 in scores) / len(scores)
