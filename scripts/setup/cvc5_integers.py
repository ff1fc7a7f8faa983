"""Answers an SMT query with cvc5, bit-vectors read as integers: `cvc5_integers.py FILE`, as halmos calls a solver.

Products and quotients of 144 bits are out of reach for solvers that count bits, and easy for one that reckons. Run by the
environment of the proofs. Prints `sat`, `unsat` or `unknown` first, then the model if there is one.
"""

from __future__ import annotations

import sys

import cvc5


def main(path: str) -> int:
    """Run the commands of the file; what a command answers goes to stdout."""
    terms = cvc5.TermManager()
    solver = cvc5.Solver(terms)
    solver.setOption("solve-bv-as-int", "sum")
    solver.setOption("produce-models", "true")
    symbols = cvc5.SymbolManager(terms)
    parser = cvc5.InputParser(solver, symbols)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, path)
    verdict = ""
    while not (command := parser.nextCommand()).isNull():
        if command.getCommandName() == "get-model" and verdict != "sat":
            continue
        answer = command.invoke(solver, symbols).strip()
        if answer:
            verdict = verdict or answer
            print(answer, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[-1]))
