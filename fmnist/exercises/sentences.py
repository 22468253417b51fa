"""Every sentence that a person reads of a state: to change one, change it here.

What a call, a check or a submission is told has its values in braces. What a state means stands in
`TO_STUDENT` and `TO_INSTRUCTOR`. A right or a wrong answer has the sentences of its check, an
exercise that was graded those of `grading.reports.view`, and a file that cannot be read those of
whoever reads it: `answer.source`, `grading.hand_ins`.
"""

from fmnist.exercises.verdicts import State

# --- of any state ---
NOT_JUDGED_YET = (
    "This outcome is an earlier one: what is newer of your hand-in or of the checks is not judged "
    "yet."
)

# --- wrong ---
NOT_COMPARABLE = (
    "{sentence} What came back cannot be compared with what is expected: something in it has "
    "another type or shape than the exercise asks for."
)
NOT_COMPARED = (
    "What came back could not be compared with what is expected within {seconds} s: it has far "
    "more parts than the exercise asks for."
)

# --- timed out ---
CALL_STOPPED = (
    "{name} was still running after {seconds:g} s and was stopped: is there a loop that never ends?"
)
CHECK_STOPPED = "{check} was stopped after {seconds} s: is there a loop that never ends?"
NOT_TRIED_AGAIN = (
    "{name} was not tried again: several calls had to be stopped after {seconds:g} s each."
)
NOT_TRIED = "{name} was not tried: the time for all answers together was used up."

# --- crashed ---
CALL_ENDED = "{name} gave no answer: {how}. Return a value instead."
BY_SIGNAL = "it crashed (signal {signal})"
BY_ITSELF = "the code ended its process (status {status})"
BY_NOBODY_KNOWS = "its process ended"
CHECK_ENDED = "The process ended during {check}: does the code call exit?"

# --- missing ---
NO_FILE = "There is no file {name}.py."

# --- grader error ---
CHECKS_NOT_RUN = (
    "The checks could not be run ({why}); your answer is not at fault, and this is not kept as a "
    "try. Type: fmnist doctor"
)
CHECK_FAILED = "The check itself failed, not your answer: {error}: {message}"
UNSETTLED = (
    "This check has {found} verdicts and not {wanted}; that is our fault, not your answer's."
)
GRADER_ENDED = "Grading this ended the grader itself; that is not for you to mend."
NOT_LOADED_AGAIN = "The file could be loaded once, and could not when it was loaded again."
NOT_READ = "The hand-in could not be read on the grader's machine; that is not for you to mend."
ADVICE = "and was put aside; hand in what `fmnist pack` makes, or your .py files."
TOO_LONG = f"The hand-in takes more than {{seconds}} seconds to read, {ADVICE}"
TOO_MUCH = f"The hand-in takes more memory to read than there may be, {ADVICE}"
ENDS_THE_READER = f"The hand-in ends the program that reads it, {ADVICE}"

# What a state means.
TO_STUDENT: dict[str, str] = {
    State.GRADER_ERROR: (
        "The grader failed here, and you did not. This is no mark yet: your instructor is told."
    ),
    State.TAMPERING: (
        "While your answer ran, its process did what an answer has no reason to do. A person will "
        "look at it before this counts as a mark."
    ),
    State.DOUBTFUL: (
        "Something came in, and nobody can tell what of it counts, or whose it is. This is no mark "
        "yet: your instructor is told."
    ),
    State.MISSING: "No file with an answer was handed in.",
    State.NOT_GRADABLE: "Your file could not be loaded, so there was nothing to check.",
    State.TIMED_OUT: "At least one call ran for too long and was stopped.",
    State.CRASHED: "At least one call ended the whole process instead of returning a value.",
}
# What a person is to do about it.
TO_INSTRUCTOR: dict[str, str] = {
    State.GRADER_ERROR: "The grader failed, so this is no mark. Mend the cause and grade again.",
    State.TAMPERING: "The answer's process broke the protocol. Read the code, then decide.",
    State.DOUBTFUL: "Say which hand-in counts: rename or remove the others, and grade again.",
    State.MISSING: "No file with this answer came in.",
    State.NOT_GRADABLE: "The file does not load; a glance often shows why.",
    State.TIMED_OUT: "Some call ran for too long; on a busy machine, grade again.",
    State.CRASHED: "Some call ended its process.",
}
