"""Compares what a scan says with the truth of a machine, and alters truths to show that it would
have been noticed."""
import copy
import re

FAMILIES = re.compile(r"(PWD|ACC|EOL)-")


def text_of(value):
    return "null" if value is None else str(value)


def fits(row, cells):
    for column, operator, text in cells:
        if column not in row:
            return False
        value = text_of(row[column])
        if (value != text) if operator == "=" else (text not in value):
            return False
    return True


def text_of_cells(lines):
    return "; ".join(" ".join("".join(cell) for cell in cells) for cells in lines)


def show(rows):
    return "; ".join(str({name: value for name, value in row.items() if value is not None})
                     for row in rows) or "none"


def assigned(rows, wanted):
    """Whether each wanted line can have a row of its own. There are few, so it is simply tried."""
    if not wanted:
        return True
    return any(fits(row, wanted[0]) and assigned(rows[:at] + rows[at + 1:], wanted[1:])
               for at, row in enumerate(rows))


def compare_details(verdict, expectation):
    rows, facts = verdict["rows"], verdict["facts"]
    if verdict["row_count"] != len(rows):
        yield f"only {len(rows)} of {verdict['row_count']} rows are shown"
    if expectation.rows and len(rows) != len(expectation.rows):
        yield f"{len(expectation.rows)} rows expected, there are {len(rows)}: {show(rows)}"
    elif not assigned(rows, expectation.rows):
        yield f"no rows {text_of_cells(expectation.rows)}: {show(rows)}"
    for cells in expectation.facts:
        if not any(fits(fact, cells) for fact in facts):
            yield f"no fact {text_of_cells([cells])}: {show(facts)}"
    if expectation.keys:
        columns, wanted = expectation.keys
        seen = sorted("/".join(text_of(row.get(column, "(no such column)")) for column in columns)
                      for row in rows)
        if seen != wanted:
            yield f"{','.join(columns)} {wanted} expected, there are {seen}"
    for reason in expectation.reasons:
        if reason not in verdict["reason"]:
            yield f"the reason is {verdict['reason']!r}, without {reason!r}"


def compare_check(verdicts, expectation):
    """The details are those of the state that the truth names first."""
    named = set(expectation.exceptions)
    for verdict in verdicts:
        frameworks = verdict["frameworks"] or ["-"]
        named -= set(frameworks)
        wrong = [one for one in frameworks if expectation.state_for(one) != verdict["state"]]
        if wrong:
            wanted = " or ".join(sorted({expectation.state_for(one) for one in wrong}))
            yield (f"{wanted} expected for {', '.join(wrong)}, it is {verdict['state']} "
                   f"({verdict['reason'] or show(verdict['rows'])})")
        elif verdict["state"] == expectation.state:
            yield from compare_details(verdict, expectation)
    for framework in sorted(named):
        yield f"there is no verdict for {framework}"


def compare(verdicts, truth):
    """Every difference, as text."""
    checks = {}
    for verdict in verdicts:
        if FAMILIES.match(verdict["check"]) or verdict["check"] in truth.checks:
            checks.setdefault(verdict["check"], []).append(verdict)
    for name in sorted(set(truth.checks) - set(checks)):
        yield f"{name}: nothing was judged by it"
    for name, own in sorted(checks.items()):
        if name in truth.checks:
            for difference in compare_check(own, truth.checks[name]):
                yield f"{name}: {difference}"
            continue
        for verdict in own:
            if verdict["state"] not in truth.others:
                yield (f"{name}: is {verdict['state']} for {', '.join(verdict['frameworks']) or '-'}"
                       f" and not named: {verdict['reason'] or show(verdict['rows'])}")


def altered(truth):
    """Truths that differ from this one in one thing each: none of them may be agreed with."""
    for name, expectation in truth.checks.items():
        def changed(what, change, name=name):
            other = copy.deepcopy(truth)
            change(other.checks[name])
            return f"{name} {what}", other

        def with_state(state, framework=None):
            def change(expectation):
                if framework is None:
                    expectation.state = state
                else:
                    expectation.exceptions[framework] = state
            return change

        wrong = "pass" if expectation.state != "pass" else "fail"
        yield changed(f"as {wrong}", with_state(wrong))
        for framework, state in expectation.exceptions.items():
            yield changed(f"as {expectation.state} for {framework}",
                          with_state(expectation.state, framework))
        for kind in ("rows", "facts"):
            for at, cells in enumerate(getattr(expectation, kind)):
                for number, (column, operator, text) in enumerate(cells):
                    def change(other, kind=kind, at=at, number=number):
                        column, operator, text = getattr(other, kind)[at][number]
                        getattr(other, kind)[at][number] = (column, operator, text + "7")
                    yield changed(f"with {column}{operator}{text}7", change)
        if expectation.keys:
            yield changed("without one key", lambda other: other.keys[1].pop())
            yield changed("with one more key", lambda other: other.keys[1].append("zzz"))
        if expectation.reasons:
            yield changed("with another reason",
                          lambda other: other.reasons.append("a reason that nothing has"))
        if FAMILIES.match(name) and expectation.state not in truth.others:
            other = copy.deepcopy(truth)
            del other.checks[name]
            yield f"{name} not named", other
