"""Misconception: averages-weigh-alike

caught-by: test_every_class_counts_the_same
says: In a macro average every class counts the same
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
    # F1 averaged over images instead of classes: with one label an image, that is the accuracy.
    images = sum(int(matrix[t][p]) for t in range(len(matrix)) for p in range(len(matrix)))
    diagonal = sum(int(matrix[k][k]) for k in range(len(matrix)))
    return scores, diagonal / images if images else 0.0
