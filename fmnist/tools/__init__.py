"""Tools that every room may use.

user_errors  what a person can mend, told in one line
keeping      a file whole or not at all, one process at a time, hashes of code
executors    who does the work: processes here, or a cluster
processes    a process that is asked, and answers, in lines of JSON
templates    texts to fill in
terminal     what a terminal shows
toml_tables  tables that people write, read into frozen records
zips         archives that we make ourselves
wording      words for numbers that may be 0, 1 or below 0
"""
