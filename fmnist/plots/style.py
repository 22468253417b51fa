"""Colours and habits that all figures share."""

# Okabe and Ito's colours, told apart by readers with any kind of colour vision; each is readable
# on white and on the dark page.
BLUE, ORANGE, GREEN, PINK, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9"
COLOURS = (BLUE, ORANGE, GREEN, PINK, SKY)
