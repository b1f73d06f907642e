"""What must be true of a collector whatever was done to it."""
import json

from company import all_logged, await_that


def fsck(company, code=0):
    return json.loads(company.run("assay-collector", "fsck", "--state", company.collector_state,
                                  "-o", "json", code=code))


def sequences(company, host_id):
    """The numbers of all snapshots that the collector has of a host."""
    return sorted(each["sequence"] for each in
                  company.json("assay", "evidence", "list", host_id, "-o", "json"))


def host_id(company, name):
    status = company.json("assay-agent", "status", "--state", company.agent_state(name), "-o", "json")
    return status["identity"]["host_id"]


def last_accepted(company, name):
    """The number of the last snapshot of which the agent has a receipt."""
    status = company.json("assay-agent", "status", "--state", company.agent_state(name), "-o", "json")
    return status["agent"]["spool"]["last_accepted"]["sequence"]


def expect_all_there(company, chains):
    """`chains`: how many snapshots each agent has sent, by its name. All of them are accepted,
    without a gap, logged and as they were signed. The company must be logged in."""
    for name, count in chains.items():
        assert company.courier_status(name)["spooled"] == 0, (name, company.courier_status(name))
        numbers = sequences(company, host_id(company, name))
        assert numbers == list(range(1, count + 1)), (name, numbers)
    wanted = sum(chains.values())
    await_that(lambda: all_logged(fsck(company, None), wanted),
               "it was not logged", 20)
    answer = fsck(company)
    assert answer["good"] and answer["read"]["snapshots"] == wanted, answer


def events(company):
    """What the doctor counts of the last week, in English."""
    lines = json.loads(company.run("assay-collector", "doctor", "--state", company.collector_state,
                                   "-o", "json", code=None))
    return next(line["said"]["en"] for line in lines if line["subject"] == "events")
