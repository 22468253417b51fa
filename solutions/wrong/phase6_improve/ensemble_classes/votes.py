"""Misconception: vote-equals-mean

caught-by: test_one_sure_member_against_two_in_doubt
says: A vote counts a member in doubt as much
"""


def ensemble_classes(members):
    chosen = []
    for stated in zip(*members, strict=True):
        counts = [0] * len(stated[0])
        for row in stated:
            counts[row.index(max(row))] += 1
        chosen.append(counts.index(max(counts)))
    return chosen
