"""Misconception: axes-of-confusion-equal

caught-by: test_recall_runs_along_rows_and_precision_down_columns
says: recall divides by the sum of a row
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
        scores.append((recall, precision, f1))
    return scores, sum(f1 for _, _, f1 in scores) / len(scores)
