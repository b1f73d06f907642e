// Waivers, attestations and their files, in every engine.
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {
namespace {

constexpr std::int64_t kDay = 86'400;
// 2026-11-20T00:00:00Z
constexpr std::int64_t kStart = 1'795'132'800;

const Actor kLin{"token-lin", "Lin"};
const Actor kMei{"token-mei", "Mei"};

Waiver request_of(const std::string& check, const std::string& until = "2026-11-30") {
  Waiver waiver;
  waiver.scope.check_id = check;
  waiver.reason = "汰換中";
  waiver.measure = "Only reachable from the bastion";
  waiver.requester = kLin;
  waiver.requested_at = at(kStart);
  waiver.until = until;
  return waiver;
}

WaiverAct act(WaiverAct::Kind kind, std::int64_t when, const Actor& by = kMei) {
  return {kind, by, "", at(when)};
}

Attestation statement_of(const std::string& control, std::int64_t when = kStart) {
  Attestation attestation;
  attestation.framework = "idb-isp";
  attestation.edition = "2021";
  attestation.control = control;
  attestation.statement = "The committee met.";
  attestation.owner = "Head of information security";
  attestation.attested_on = "2026-11-19";
  attestation.until = "2027-11-19";
  attestation.recorder = kLin;
  attestation.recorded_at = at(when);
  return attestation;
}

using Kind = WaiverAct::Kind;

}  // namespace

TEST_P(StoreConformance, AWaiverIsKeptAcrossReopeningWithEveryAct) {
  auto wish = request_of("PWD-LENGTH");
  wish.scope.hosts = {"host-1", "host-2"};
  wish.scope.frameworks = {"idb-isp"};
  const auto id = store().add_waiver(wish).value().id;
  ASSERT_TRUE(store().act_on_waiver(id, act(Kind::kApproved, kStart + 10)));
  reopen();
  const auto waiver = store().waiver(id).value();
  EXPECT_EQ(waiver.reason, "汰換中");
  EXPECT_EQ(waiver.scope.hosts, (std::vector<std::string>{"host-1", "host-2"}));
  EXPECT_EQ(waiver.scope.frameworks, std::vector<std::string>{"idb-isp"});
  EXPECT_FALSE(waiver.scope.finding);
  EXPECT_EQ(waiver.requester.name, "Lin");
  ASSERT_EQ(waiver.acts.size(), 1U);
  EXPECT_EQ(waiver.acts[0].by.name, "Mei");
  EXPECT_EQ(waiver.acts[0].at, at(kStart + 10));
}

TEST_P(StoreConformance, AWaiverOfOneFindingKeepsItsId) {
  auto wish = request_of("PWD-LENGTH");
  wish.scope.finding = evidence::sha256("a finding");
  EXPECT_EQ(code_of(store().add_waiver(wish)), "usage") << "a finding is of one host";
  wish.scope.hosts = {"host-1"};
  wish.scope.groups = {"web"};
  EXPECT_EQ(code_of(store().add_waiver(wish)), "usage") << "and of no group";
  wish.scope.groups.clear();
  const auto id = store().add_waiver(wish).value().id;
  EXPECT_EQ(store().waiver(id).value().scope.finding, evidence::sha256("a finding"));
}

TEST_P(StoreConformance, AWaiverHoldsFromItsApprovalThroughItsLastDay) {
  const auto id = store().add_waiver(request_of("PWD-LENGTH")).value().id;
  ASSERT_TRUE(store().act_on_waiver(id, act(Kind::kApproved, kStart + 10)));
  const auto count = [&](std::int64_t when, WaiverState state) {
    WaiverFilter filter;
    filter.when = at(when);
    filter.state = state;
    return store().waivers(filter, {}).value().items.size();
  };
  EXPECT_EQ(count(kStart - 1, WaiverState::kRequested), 0U) << "nobody had asked for it";
  EXPECT_EQ(count(kStart + 9, WaiverState::kRequested), 1U);
  EXPECT_EQ(count(kStart + 9, WaiverState::kApproved), 0U);
  EXPECT_EQ(count(kStart + 10, WaiverState::kApproved), 1U);
  EXPECT_EQ(count(kStart + 11 * kDay - 1, WaiverState::kApproved), 1U) << "23:59:59 of the day";
  EXPECT_EQ(count(kStart + 11 * kDay, WaiverState::kApproved), 0U) << "nobody had to act";
  EXPECT_EQ(count(kStart + 11 * kDay, WaiverState::kEnded), 1U);
}

TEST_P(StoreConformance, TheFilterAndTheRecordAgreeOnEveryState) {
  const auto add = [&](std::vector<std::pair<Kind, std::int64_t>> acts) {
    const auto id = store().add_waiver(request_of("PWD-LENGTH")).value().id;
    for (const auto& [kind, when] : acts)
      ASSERT_TRUE(store().act_on_waiver(id, act(kind, kStart + when)));
  };
  add({});
  add({{Kind::kApproved, 10}});
  add({{Kind::kRejected, 20}});
  add({{Kind::kRevoked, 30}});
  add({{Kind::kApproved, 10}, {Kind::kRevoked, 40}});
  for (const std::int64_t when : {0L, 10L, 25L, 35L, 40L, 10 * kDay, 11 * kDay, 400 * kDay}) {
    std::size_t seen = 0;
    for (const auto state : {WaiverState::kRequested, WaiverState::kApproved,
                             WaiverState::kRejected, WaiverState::kRevoked, WaiverState::kEnded}) {
      WaiverFilter filter;
      filter.when = at(kStart + when);
      filter.state = state;
      const auto page = store().waivers(filter, {}).value();
      for (const auto& waiver : page.items)
        EXPECT_EQ(waiver.state_at(filter.when), state) << waiver.id << " at " << when;
      seen += page.items.size();
    }
    EXPECT_EQ(seen, 5U) << when;
  }
}

TEST_P(StoreConformance, NobodyApprovesTheirOwnWaiver) {
  const auto id = store().add_waiver(request_of("PWD-LENGTH")).value().id;
  for (const auto& same : {kLin, Actor{"token-lin", "Another name"}, Actor{"token-2", " lIN "}})
    EXPECT_EQ(code_of(store().act_on_waiver(id, act(Kind::kApproved, kStart + 1, same))), "refused")
        << same.name;
  EXPECT_TRUE(store().waiver(id).value().acts.empty());
  EXPECT_TRUE(store().act_on_waiver(id, act(Kind::kRevoked, kStart + 1, kLin)))
      << "to take it back is theirs";
}

TEST_P(StoreConformance, AnActThatDoesNotFitTheStateChangesNothing) {
  const auto id = store().add_waiver(request_of("PWD-LENGTH")).value().id;
  ASSERT_TRUE(store().act_on_waiver(id, act(Kind::kApproved, kStart + 1)));
  EXPECT_EQ(code_of(store().act_on_waiver(id, act(Kind::kApproved, kStart + 2))), "conflict");
  EXPECT_EQ(code_of(store().act_on_waiver(id, act(Kind::kRejected, kStart + 2))), "conflict");
  EXPECT_EQ(code_of(store().act_on_waiver(id, act(Kind::kRevoked, kStart + 11 * kDay))), "conflict")
      << "it has ended";
  ASSERT_TRUE(store().act_on_waiver(id, act(Kind::kRevoked, kStart + 3)));
  EXPECT_EQ(code_of(store().act_on_waiver(id, act(Kind::kRevoked, kStart + 4))), "conflict");
  EXPECT_EQ(store().waiver(id).value().acts.size(), 2U);
  const auto late = store().add_waiver(request_of("PWD-LENGTH")).value().id;
  EXPECT_EQ(code_of(store().act_on_waiver(late, act(Kind::kApproved, kStart + 11 * kDay))),
            "conflict")
      << "its last day is over";
  EXPECT_EQ(code_of(store().act_on_waiver("W-99", act(Kind::kApproved, kStart))), "not_found");
  for (const auto* none : {"", "W-", "W-0", "W-01", "W-1x", "A-1", "1", "W-99999999999999999999"})
    EXPECT_EQ(code_of(store().waiver(none)), "not_found") << none;
}

TEST_P(StoreConformance, AWaiverHasAReasonAMeasureAndAnEndWithinAYear) {
  const auto code = [&](auto change) {
    auto wish = request_of("PWD-LENGTH");
    change(&wish);
    return code_of(store().add_waiver(wish));
  };
  EXPECT_EQ(code([](Waiver* w) { w->scope.check_id = ""; }), "usage");
  EXPECT_EQ(code([](Waiver* w) { w->reason = " \n"; }), "usage");
  EXPECT_EQ(code([](Waiver* w) { w->measure = ""; }), "usage");
  EXPECT_EQ(code([](Waiver* w) { w->reason.assign(kMaxRecordText + 1, 'x'); }), "usage");
  EXPECT_EQ(code([](Waiver* w) { w->reason.assign(kMaxRecordText, 'x'); }), "no failure");
  for (const auto* bad : {"", "2026-11-19", "2026-11-31", "soon", "2026-1-1", "2027-11-22",
                          "9999-12-31", "2026-11-30T00:00:00Z"})
    EXPECT_EQ(code([&](Waiver* w) { w->until = bad; }), "usage") << bad;
  EXPECT_EQ(code([](Waiver* w) { w->until = "2026-11-20"; }), "no failure") << "today";
  EXPECT_EQ(code([](Waiver* w) { w->until = "2027-11-21"; }), "no failure") << "366 days";
  EXPECT_EQ(code([](Waiver* w) { w->scope.hosts.assign(kMaxRecordHosts, "h"); }), "no failure");
  EXPECT_EQ(code([](Waiver* w) { w->scope.hosts.assign(kMaxRecordHosts + 1, "h"); }), "usage");
  EXPECT_EQ(code([](Waiver* w) { w->scope.groups.assign(kMaxRecordGroups + 1, "g"); }), "usage");
  for (const auto* bad : {"", "a,b", "a\nb"})
    EXPECT_EQ(code([&](Waiver* w) { w->scope.groups = {bad}; }), "usage") << bad;
}

TEST_P(StoreConformance, WaiversAreListedNewestFirstPageByPageAndFiltered) {
  for (const auto* until : {"2026-11-25", "2026-11-28", "2026-12-31"})
    ASSERT_TRUE(store().add_waiver(request_of("PWD-LENGTH", until)));
  auto of_host = request_of("ACC-ROOT");
  of_host.scope.hosts = {"host-1"};
  ASSERT_TRUE(store().add_waiver(of_host));
  WaiverFilter filter;
  filter.when = at(kStart);
  const auto first = store().waivers(filter, {"", 3}).value();
  ASSERT_EQ(first.items.size(), 3U);
  EXPECT_EQ(first.items[0].scope.check_id, "ACC-ROOT");
  EXPECT_EQ(store().waivers(filter, {first.next, 3}).value().items.at(0).until, "2026-11-25");
  filter.host_id = "host-2";
  EXPECT_EQ(store().waivers(filter, {}).value().items.size(), 3U) << "those of all hosts";
  filter.host_id = "host-1";
  EXPECT_EQ(store().waivers(filter, {}).value().items.size(), 4U);
  filter.check_id = "ACC-ROOT";
  EXPECT_EQ(store().waivers(filter, {}).value().items.size(), 1U);
  filter.check_id = "PWD-LENGTH";
  filter.ends_by = "2026-11-28";
  EXPECT_EQ(store().waivers(filter, {}).value().items.size(), 2U);
}

TEST_P(StoreConformance, RecordsOfAGroupAreFoundByTheGroupsOfAHost) {
  auto wish = request_of("PWD-LENGTH");
  wish.scope.groups = {"dmz", "主機 群組"};
  const auto id = store().add_waiver(wish).value().id;
  auto statement = statement_of("1.1.1");
  statement.groups = {"dmz"};
  const auto attestation = store().add_attestation(statement).value().id;
  reopen();
  EXPECT_EQ(store().waiver(id).value().scope.groups, wish.scope.groups);
  EXPECT_EQ(store().attestation(attestation).value().groups, statement.groups);
  const auto count = [&](std::vector<std::string> groups) {
    WaiverFilter waivers{at(kStart), {}, "", "host-1", groups, ""};
    AttestationFilter attestations{at(kStart), {}, "", "", "host-1", groups, ""};
    return std::to_string(store().waivers(waivers, {}).value().items.size()) + " " +
           std::to_string(store().attestations(attestations, {}).value().items.size());
  };
  EXPECT_EQ(count({}), "0 0");
  EXPECT_EQ(count({"dm", "z", "mz"}), "0 0");
  EXPECT_EQ(count({"web", "主機 群組"}), "1 0");
  EXPECT_EQ(count({"web", "dmz"}), "1 1");
  auto of_all = statement_of("1.1.1", kStart + 1);
  ASSERT_TRUE(store().add_attestation(of_all));
  EXPECT_EQ(store().attestation(attestation).value().acts.size(), 0U)
      << "one for all hosts is beside one for a group";
  statement.recorded_at = at(kStart + 2);
  const auto later = store().add_attestation(statement).value().id;
  EXPECT_EQ(store().attestation(attestation).value().acts.at(0).note, later);
}

TEST_P(StoreConformance, AnAttestationCountsFromItsRecordThroughItsLastDay) {
  const auto id = store().add_attestation(statement_of("1.1.1")).value().id;
  reopen();
  const auto attestation = store().attestation(id).value();
  EXPECT_EQ(attestation.owner, "Head of information security");
  EXPECT_EQ(attestation.attested_on, "2026-11-19");
  EXPECT_EQ(attestation.state_at(at(kStart)), AttestationState::kInForce);
  EXPECT_EQ(attestation.state_at(at(kStart + 365 * kDay - 1)), AttestationState::kInForce);
  EXPECT_EQ(attestation.state_at(at(kStart + 365 * kDay)), AttestationState::kEnded);
  AttestationFilter filter;
  filter.when = at(kStart - 1);
  EXPECT_TRUE(store().attestations(filter, {}).value().items.empty());
  filter.when = at(kStart);
  filter.state = AttestationState::kInForce;
  EXPECT_EQ(store().attestations(filter, {}).value().items.size(), 1U);
  filter.when = at(kStart + 365 * kDay);
  EXPECT_TRUE(store().attestations(filter, {}).value().items.empty());
  filter.state = AttestationState::kEnded;
  EXPECT_EQ(store().attestations(filter, {}).value().items.size(), 1U);
}

TEST_P(StoreConformance, ANewAttestationTakesThePlaceOfTheOldOneAndBothStay) {
  const auto old = store().add_attestation(statement_of("1.1.1")).value().id;
  auto of_host = statement_of("1.1.1");
  of_host.hosts = {"host-1"};
  const auto beside = store().add_attestation(of_host).value().id;
  const auto other = store().add_attestation(statement_of("1.1.2")).value().id;
  const auto later = store().add_attestation(statement_of("1.1.1", kStart + kDay)).value().id;
  const auto now = at(kStart + kDay);
  const auto replaced = store().attestation(old).value();
  EXPECT_EQ(replaced.state_at(now), AttestationState::kSuperseded);
  EXPECT_EQ(replaced.state_at(at(kStart + kDay - 1)), AttestationState::kInForce) << "as of then";
  EXPECT_EQ(replaced.acts.at(0).note, later);
  for (const auto& id : {beside, other, later})
    EXPECT_EQ(store().attestation(id).value().state_at(now), AttestationState::kInForce) << id;
}

TEST_P(StoreConformance, AnAttestationIsWithdrawnOnceAndStaysOnRecord) {
  const auto id = store().add_attestation(statement_of("1.1.1")).value().id;
  ASSERT_TRUE(store().withdraw_attestation(id, kMei, "The head has left.", at(kStart + 5)));
  EXPECT_EQ(code_of(store().withdraw_attestation(id, kMei, "", at(kStart + 6))), "conflict");
  const auto attestation = store().attestation(id).value();
  EXPECT_EQ(attestation.state_at(at(kStart + 4)), AttestationState::kInForce);
  EXPECT_EQ(attestation.state_at(at(kStart + 5)), AttestationState::kWithdrawn);
  EXPECT_EQ(attestation.acts.at(0).note, "The head has left.");
  EXPECT_EQ(code_of(store().withdraw_attestation("ATT-9", kMei, "", at(kStart))), "not_found");
}

TEST_P(StoreConformance, AnAttestationHasDaysThatMakeSense) {
  const auto code = [&](auto change) {
    auto attestation = statement_of("1.1.1");
    change(&attestation);
    return code_of(store().add_attestation(attestation));
  };
  EXPECT_EQ(code([](Attestation* a) { a->statement = ""; }), "usage");
  EXPECT_EQ(code([](Attestation* a) { a->owner = ""; }), "usage");
  EXPECT_EQ(code([](Attestation* a) { a->attested_on = "2026-11-21"; }), "usage") << "tomorrow";
  EXPECT_EQ(code([](Attestation* a) { a->attested_on = "2025-11-18"; }), "usage") << "too old";
  EXPECT_EQ(code([](Attestation* a) { a->attested_on = "2026-02-30"; }), "usage");
  EXPECT_EQ(code([](Attestation* a) { a->until = "2026-11-19"; }), "usage") << "over already";
  EXPECT_EQ(code([](Attestation* a) { a->until = "2029-11-20"; }), "usage") << "1097 days";
  EXPECT_EQ(code([](Attestation* a) { a->until = "2029-11-19"; }), "no failure");
}

TEST_P(StoreConformance, AFileIsKeptByItsDigestAndComesBackWhole) {
  const auto id = store().add_attestation(statement_of("1.1.1")).value().id;
  const std::string content = std::string("%PDF-1.7\0\xff", 10) + std::string(100'000, 'x');
  ASSERT_TRUE(store().attach(id, "會議紀錄.pdf", content, kLin, at(kStart + 1)));
  reopen();
  const auto files = store().attestation(id).value().files;
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].name, "會議紀錄.pdf");
  EXPECT_EQ(files[0].digest, evidence::sha256(content));
  EXPECT_EQ(files[0].bytes, static_cast<std::int64_t>(content.size()));
  EXPECT_EQ(store().file(files[0].digest).value(), content);
  EXPECT_EQ(code_of(store().file(evidence::sha256("none"))), "not_found");
}

TEST_P(StoreConformance, AFileIsNeverReplaced) {
  const auto id = store().add_attestation(statement_of("1.1.1")).value().id;
  ASSERT_TRUE(store().attach(id, "a.txt", "first", kLin, at(kStart + 1)));
  EXPECT_TRUE(store().attach(id, "a.txt", "first", kLin, at(kStart + 2))) << "nothing changes";
  EXPECT_EQ(code_of(store().attach(id, "a.txt", "second", kLin, at(kStart + 2))), "conflict");
  ASSERT_TRUE(store().attach(id, "b.txt", "first", kLin, at(kStart + 2))) << "one content, twice";
  EXPECT_EQ(store().attestation(id).value().files.size(), 2U);
  ASSERT_TRUE(store().withdraw_attestation(id, kLin, "", at(kStart + 3)));
  EXPECT_EQ(code_of(store().attach(id, "c.txt", "c", kLin, at(kStart + 4))), "conflict");
  EXPECT_EQ(code_of(store().attach("ATT-9", "c.txt", "c", kLin, at(kStart))), "not_found");
}

TEST_P(StoreConformance, FilesAreBounded) {
  const auto id = store().add_attestation(statement_of("1.1.1")).value().id;
  const auto code = [&](const std::string& name, const std::string& content) {
    return code_of(store().attach(id, name, content, kLin, at(kStart + 1)));
  };
  EXPECT_EQ(code("a", ""), "usage");
  EXPECT_EQ(code("a", std::string(kMaxAttestedFileBytes + 1, 'x')), "too_large");
  for (const std::string bad :
       {"", "..", ".hidden", "-rf", "a/b", "a\\b", "a\nb", "a:b", "a*", "b ", "b.", "\xff",
        "photo\xe2\x80\xaegnp.exe", "a\x7f", "\xc2\x80"})
    EXPECT_EQ(code(bad, "x"), "usage") << bad;
  EXPECT_EQ(code(std::string(kMaxFileNameBytes + 1, 'x'), "x"), "usage");
  for (std::size_t i = 0; i < kMaxAttestedFiles; ++i)
    EXPECT_EQ(code("file " + std::to_string(i), "x"), "no failure");
  EXPECT_EQ(code("one more", "x"), "conflict");
}

}  // namespace assay::collector
