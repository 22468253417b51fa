"""Colours and habits that all figures share."""

# Okabe and Ito's colours, told apart by readers with any kind of colour vision; each is readable
# on white and on the dark page.
BLUE, ORANGE, GREEN, PINK, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9"
COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY)
GREY = "#888888"  # of what is there to compare with

BUTTONS = {  # above a live figure, at its left; the page gives them their colours
    "type": "buttons",
    "direction": "right",
    "x": 0,
    "xanchor": "left",
    "y": 1.02,
    "yanchor": "bottom",
    "pad": {"t": 0, "b": 4},
}
DROPDOWN = {**BUTTONS, "type": "dropdown", "direction": "down"}
