# Of TAP output: one line for each file, and whatever failed with its details.
/^ *not ok / { failing = 1 }
/^ *ok / { failing = 0 }
/^(not )?ok / || failing { print; fflush() }
/^ *\.\.\.$/ { failing = 0 }
