// The ledger's place, in every engine.
#include "evidence/ledger/merkle.h"
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector {
namespace {

// What comes next, as a batch over hashes that nobody checks here.
LedgerAppend batch_of(std::int64_t old_size, std::vector<evidence::LedgerEntry> entries) {
  LedgerAppend append;
  append.old_size = old_size;
  append.entries = std::move(entries);
  const auto size = old_size + static_cast<std::int64_t>(append.entries.size());
  append.checkpoint = {{size, evidence::sha256(std::to_string(size))}, at(100 + size), "note"};
  append.tiles[{0, 0}] = std::string(static_cast<std::size_t>(size) * 32, 'h');
  return append;
}

StoredTimeStamp stamp_over(std::int64_t size, const std::string& token = "token") {
  StoredTimeStamp stamp;
  stamp.size = size;
  stamp.at = at(1000 + size);
  stamp.note = "the note of " + std::to_string(size);
  stamp.token = token + std::string(1, '\0') + std::to_string(size);
  return stamp;
}

StoredCosignature cosignature_of(const std::string& witness, std::int64_t size) {
  return {witness, size, at(1000 + size), "the note of " + std::to_string(size), "a line\n"};
}

}  // namespace

void StoreLedger::accept_some(int count) {
  if (sequence_ == 0) enroll("host-1");
  for (int i = 0; i < count; ++i)
    previous_ = accept(snapshot_of("host-1", ++sequence_, {}, previous_)).digest;
}

std::vector<evidence::LedgerEntry> StoreLedger::next(std::size_t limit) {
  return store().unsequenced(limit).value();
}

void StoreLedger::log_some(std::size_t count) {
  const auto last = store().checkpoint();
  ASSERT_TRUE(store().append_to_ledger(batch_of(last ? last->head.size : 0, next(count))));
}

namespace {

PackRecord pack_of(const std::string& content) {
  PackRecord pack;
  pack.framework = "idb-isp";
  pack.edition = "113";
  pack.as_of = at(500);
  pack.hosts = {"host-1"};
  pack.digest = evidence::sha256(content);
  pack.by = {"token-1", "Lin"};
  pack.at = at(600);
  return pack;
}

}  // namespace

TEST_P(StoreLedger, APackIsAnActThatComesBehindTheSnapshots) {
  const auto made = store().add_pack(pack_of("one")).value();
  EXPECT_EQ(made.id, "PACK-1");
  EXPECT_EQ(made.act, 1);
  accept_some(2);
  EXPECT_EQ(store().add_pack(pack_of("two"))->act, 2 + kActsOfEnrolling);
  reopen();
  const auto entries = next();
  ASSERT_EQ(entries.size(), 4U + kActsOfEnrolling);
  EXPECT_FALSE(entries[1].is_act());
  EXPECT_TRUE(entries[2].is_act());
  EXPECT_EQ(entries[2].accepted, at(600));
  EXPECT_EQ(entries[3].sequence, 2);
  const auto acts = store().acts({});
  ASSERT_TRUE(acts) << acts.error().message();
  ASSERT_EQ(acts->items.size(), 2U + kActsOfEnrolling);
  EXPECT_EQ(entries[2].digest, evidence::sha256(evidence::to_text(acts->items[0])));
  EXPECT_EQ(acts->items[0].name, "Lin");
  EXPECT_EQ(acts->items[0].detail("pack"), evidence::Value(evidence::sha256("one").hex()));
  log_some(3);
  EXPECT_EQ(next(), std::vector(entries.begin() + 3, entries.end()));
  EXPECT_EQ(store().ledger_index(entries[2].digest).value(), 2);
  accept_some(1);
  EXPECT_EQ(next().size(), 2U + kActsOfEnrolling);
  log_some(2 + kActsOfEnrolling);
  EXPECT_TRUE(next().empty());
  EXPECT_TRUE(store().self_check()->empty());
}

TEST_P(StoreLedger, WhoMayComeInIsAnAct) {
  const auto token = enrollment_token("secret");
  ASSERT_TRUE(store().add_token(token));
  ASSERT_TRUE(store().revoke_token(token.id, at(90)));
  ASSERT_TRUE(store().revoke_token(token.id, at(95))) << "once is enough";
  enroll("host-2");
  const auto acts = store().acts({});
  ASSERT_TRUE(acts) << acts.error().message();
  ASSERT_EQ(acts->items.size(), 4U);
  const auto& made = acts->items[0];
  EXPECT_EQ(made.kind, "token_made");
  EXPECT_EQ(made.record, token.id);
  EXPECT_EQ(made.at, token.created);
  EXPECT_EQ(made.detail("for"), evidence::Value("enrollment"));
  EXPECT_EQ(made.detail("sha256"), evidence::Value(token.hash.hex()));
  EXPECT_EQ(acts->items[1].kind, "token_revoked");
  EXPECT_EQ(acts->items[1].at, at(90));
  EXPECT_EQ(acts->items[2].kind, "token_made");
  const auto& enrolled = acts->items[3];
  EXPECT_EQ(enrolled.kind, "host_enrolled");
  EXPECT_EQ(enrolled.detail("host"), evidence::Value("host-2"));
  EXPECT_EQ(enrolled.detail("token"), evidence::Value(acts->items[2].record));
  EXPECT_TRUE(store().self_check()->empty());
}

TEST_P(StoreLedger, WhatPeopleDoIsAnAct) {
  enroll("host-2");
  Waiver waiver;
  waiver.scope.check_id = "PWD-MINLEN";
  waiver.reason = "old";
  waiver.measure = "bastion";
  waiver.requester = {"token-lin", "Lin"};
  waiver.requested_at = at(10);
  waiver.until = "1970-01-10";
  const auto asked = store().add_waiver(waiver).value();
  const WaiverAct agreed{WaiverAct::Kind::kApproved, {"token-mei", "Mei"}, "for now", at(20)};
  ASSERT_TRUE(store().act_on_waiver(asked.id, agreed));
  Attestation attestation;
  attestation.framework = "idb-isp";
  attestation.edition = "113";
  attestation.control = "1.1";
  attestation.statement = "done";
  attestation.owner = "CISO";
  attestation.attested_on = "1970-01-01";
  attestation.until = "1970-01-10";
  attestation.recorder = {"token-lin", "Lin"};
  attestation.recorded_at = at(30);
  const auto first = store().add_attestation(attestation).value();
  ASSERT_TRUE(store().attach(first.id, "plan.txt", "plan", attestation.recorder, at(31)));
  attestation.recorded_at = at(40);
  ASSERT_TRUE(store().add_attestation(attestation)) << "it takes the place of the first";
  Approval approval;
  approval.list = "allowlist";
  approval.row = R"({"name":"x"})";
  approval.note = "needed";
  approval.by = {"token-lin", "Lin"};
  approval.at = at(50);
  ASSERT_TRUE(store().approve(std::vector{approval}));
  const auto id = store().approvals({}, {})->items.at(0).id;
  const Withdrawal withdrawal{{"token-mei", "Mei"}, "no", at(60)};
  ASSERT_TRUE(store().withdraw(std::vector{id}, withdrawal));
  ASSERT_TRUE(store().revoke_host("host-2", at(70)));
  ASSERT_TRUE(store().revoke_host("host-2", at(80))) << "once is enough";
  std::vector<std::string> kinds;
  std::int64_t number = 0;
  const auto acts = store().acts({});
  ASSERT_TRUE(acts) << acts.error().message();
  for (const auto& act : acts->items) {
    EXPECT_EQ(act.number, ++number);
    EXPECT_FALSE(act.details.empty()) << act.kind;
    kinds.push_back(act.kind);
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{
                       "token_made", "host_enrolled", "waiver_requested", "waiver_decided",
                       "attestation_recorded", "file_attached", "attestation_recorded",
                       "attestation_ended", "approved", "approval_withdrawn", "host_revoked"}));
  EXPECT_EQ(next().size(), kinds.size());
  EXPECT_TRUE(store().self_check()->empty());
  log_some(kinds.size());
  EXPECT_TRUE(next().empty());
  EXPECT_TRUE(store().self_check()->empty());
}

TEST_P(StoreLedger, ABatchWithAnotherActIsRefused) {
  (void)store().add_pack(pack_of("one"));
  auto entries = next();
  ASSERT_EQ(entries.size(), 1U);
  entries[0].digest = evidence::sha256("another act");
  EXPECT_EQ(code_of(store().append_to_ledger(batch_of(0, entries))), "conflict");
  EXPECT_EQ(next().size(), 1U);
}

TEST_P(StoreLedger, TheSamePackIsMadeOnce) {
  const auto first = store().add_pack(pack_of("one")).value();
  auto again = pack_of("one");
  again.by = {"token-2", "Mei"};
  again.at = at(900);
  EXPECT_EQ(store().add_pack(again)->id, first.id);
  EXPECT_EQ(store().pack("PACK-1")->by.name, "Lin");
  EXPECT_EQ(store().packs({})->items.size(), 1U);
  EXPECT_EQ(store().acts({})->items.size(), 1U);
  EXPECT_EQ(code_of(store().pack("PACK-2")), "not_found");
  EXPECT_EQ(store().pack("PACK-1")->hosts, std::vector<std::string>{"host-1"});
}

TEST_P(StoreLedger, BeginsEmpty) {
  EXPECT_TRUE(next().empty());
  EXPECT_EQ(code_of(store().checkpoint()), "not_found");
  EXPECT_EQ(code_of(store().ledger_tile({0, 0})), "not_found");
  EXPECT_TRUE(store().ledger_entries(0, 10)->empty());
  EXPECT_TRUE(store().checkpoints({})->items.empty());
}

TEST_P(StoreLedger, WhatWasAcceptedWaitsInItsOrder) {
  accept_some(3);
  reopen();
  const auto entries = next();
  ASSERT_EQ(entries.size(), 3U + kActsOfEnrolling);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(entries[i].sequence, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(entries[i].host_id, "host-1");
    EXPECT_EQ(entries[i].accepted, store().receipt(entries[i].digest)->accepted_at);
  }
  EXPECT_EQ(next(2).size(), 2U);
}

TEST_P(StoreLedger, WhatIsLoggedIsThereForGoodAndWaitsNoMore) {
  accept_some(3);
  const auto waiting = next();
  log_some(2);
  reopen();
  EXPECT_EQ(next(), std::vector(waiting.begin() + 2, waiting.end()));
  EXPECT_EQ(store().ledger_entries(0, 10).value(),
            std::vector(waiting.begin(), waiting.begin() + 2));
  EXPECT_EQ(store().ledger_index(waiting[1].digest).value(), 1);
  EXPECT_EQ(code_of(store().ledger_index(waiting[2].digest)), "not_found");
  EXPECT_EQ(store().ledger_tile({0, 0})->size(), 64U);
  const auto checkpoint = store().checkpoint();
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->head.size, 2);
  EXPECT_EQ(checkpoint->head.root, evidence::sha256("2"));
  EXPECT_EQ(checkpoint->at, at(102));
  EXPECT_EQ(checkpoint->note, "note");
}

TEST_P(StoreLedger, TilesGrowAndEntriesAreReadFromAnywhere) {
  accept_some(5);
  log_some(2);
  log_some(3);
  EXPECT_EQ(store().ledger_tile({0, 0})->size(), 5U * 32U);
  const auto entries = store().ledger_entries(3, 1).value();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].sequence, 4);
  EXPECT_TRUE(store().ledger_entries(5, 10)->empty());
}

TEST_P(StoreLedger, OnlyOneOfTwoCollectorsClaimsABatch) {
  accept_some(4);
  const auto one = batch_of(0, next(2));
  const auto other = batch_of(0, next(4));
  ASSERT_TRUE(store().append_to_ledger(one));
  EXPECT_EQ(code_of(store().append_to_ledger(other)), "conflict");
  EXPECT_EQ(code_of(store().append_to_ledger(one)), "conflict");
  EXPECT_EQ(store().ledger_entries(0, 10)->size(), 2U);
  EXPECT_EQ(store().ledger_tile({0, 0})->size(), 64U);
  EXPECT_EQ(store().checkpoint()->head.size, 2);
  EXPECT_EQ(next().size(), 2U + kActsOfEnrolling);
}

TEST_P(StoreLedger, NothingIsLoggedThatDoesNotComeNext) {
  accept_some(3);
  auto entries = next();
  std::swap(entries[0], entries[1]);
  EXPECT_EQ(code_of(store().append_to_ledger(batch_of(0, entries))), "conflict");
  entries = next();
  entries[0].accepted += std::chrono::seconds(1);
  EXPECT_EQ(code_of(store().append_to_ledger(batch_of(0, entries))), "conflict");
  entries = next();
  entries.push_back(entries.back());
  EXPECT_EQ(code_of(store().append_to_ledger(batch_of(0, entries))), "conflict");
  EXPECT_EQ(code_of(store().append_to_ledger(batch_of(1, next()))), "conflict");
  EXPECT_TRUE(store().ledger_entries(0, 10)->empty());
  EXPECT_EQ(code_of(store().checkpoint()), "not_found");
  EXPECT_EQ(next().size(), 3U + kActsOfEnrolling);
}

TEST_P(StoreLedger, RefusesABatchWhosePartsDoNotFit) {
  accept_some(2);
  EXPECT_EQ(code_of(store().append_to_ledger(batch_of(0, {}))), "internal");
  auto wrong_size = batch_of(0, next());
  wrong_size.checkpoint.head.size = 3;
  EXPECT_EQ(code_of(store().append_to_ledger(wrong_size)), "internal");
  auto wrong_tile = batch_of(0, next());
  wrong_tile.tiles[{0, 0}].pop_back();
  EXPECT_EQ(code_of(store().append_to_ledger(wrong_tile)), "internal");
  auto unsigned_one = batch_of(0, next());
  unsigned_one.checkpoint.note.clear();
  EXPECT_EQ(code_of(store().append_to_ledger(unsigned_one)), "internal");
}

TEST_P(StoreLedger, KeepsCheckpointsUnlessTheyAreReplaced) {
  accept_some(3);
  log_some(1);
  auto second = batch_of(1, next(1));
  ASSERT_TRUE(store().append_to_ledger(second));
  auto third = batch_of(2, next(1));
  third.replaces_last = true;
  ASSERT_TRUE(store().append_to_ledger(third));
  EXPECT_TRUE(store().checkpoint(1));
  EXPECT_EQ(code_of(store().checkpoint(2)), "not_found");
  EXPECT_EQ(store().checkpoint(3)->at, at(103));
  const auto page = store().checkpoints({"", 1}).value();
  ASSERT_EQ(page.items.size(), 1U);
  EXPECT_EQ(page.items[0].head.size, 1);
  EXPECT_EQ(store().checkpoints({page.next, 1})->items.at(0).head.size, 3);
}

TEST_P(StoreLedger, ARevokedHostsEvidenceIsLoggedAllTheSame) {
  accept_some(1);
  ASSERT_TRUE(store().revoke_host("host-1", at(500)));
  log_some(1);
  EXPECT_EQ(store().ledger_entries(0, 10)->size(), 1U);
}

TEST_P(StoreLedger, ATimeStampIsKeptWithItsCheckpoint) {
  ASSERT_TRUE(store().add_time_stamp(stamp_over(3)));
  reopen();
  const auto stored = store().time_stamps({})->items;
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].size, 3);
  EXPECT_EQ(stored[0].at, at(1003));
  EXPECT_EQ(stored[0].note, "the note of 3");
  EXPECT_EQ(stored[0].token, stamp_over(3).token);
  EXPECT_EQ(stored[0].digest, evidence::sha256(stored[0].token));
  EXPECT_EQ(store().time_stamp(stored[0].number)->token, stored[0].token);
  EXPECT_EQ(code_of(store().time_stamp(stored[0].number + 1)), "not_found");
}

TEST_P(StoreLedger, TimeStampsComeWithTheLatestFirst) {
  EXPECT_TRUE(store().time_stamps({})->items.empty());
  for (const auto size : {2, 5, 9}) ASSERT_TRUE(store().add_time_stamp(stamp_over(size)));
  const auto first = store().time_stamps({"", 2}).value();
  ASSERT_EQ(first.items.size(), 2U);
  EXPECT_EQ(first.items[0].size, 9);
  EXPECT_EQ(first.items[1].size, 5);
  const auto second = store().time_stamps({first.next, 2}).value();
  ASSERT_EQ(second.items.size(), 1U);
  EXPECT_EQ(second.items[0].size, 2);
  EXPECT_TRUE(second.next.empty());
}

TEST_P(StoreLedger, AnEntryIsCoveredByTheFirstStampThatHasIt) {
  EXPECT_EQ(code_of(store().time_stamp_over(0)), "not_found");
  for (const auto size : {2, 5}) ASSERT_TRUE(store().add_time_stamp(stamp_over(size)));
  ASSERT_TRUE(store().add_time_stamp(stamp_over(5, "again")));
  EXPECT_EQ(store().time_stamp_over(0)->size, 2);
  EXPECT_EQ(store().time_stamp_over(1)->size, 2);
  EXPECT_EQ(store().time_stamp_over(2)->token, stamp_over(5).token);
  EXPECT_EQ(store().time_stamp_over(4)->size, 5);
  EXPECT_EQ(code_of(store().time_stamp_over(5)), "not_found");
}

TEST_P(StoreLedger, RefusesATimeStampWithoutCheckpointOrToken) {
  for (const auto spoil : {+[](StoredTimeStamp& stamp) { stamp.size = 0; },
                           +[](StoredTimeStamp& stamp) { stamp.note.clear(); },
                           +[](StoredTimeStamp& stamp) { stamp.token.clear(); },
                           +[](StoredTimeStamp& stamp) { stamp.token.resize(70'000); }}) {
    auto stamp = stamp_over(1);
    spoil(stamp);
    EXPECT_EQ(code_of(store().add_time_stamp(stamp)), "internal");
  }
  EXPECT_TRUE(store().time_stamps({})->items.empty());
}

TEST_P(StoreLedger, OneAtATimeAsksForTimeStamps) {
  EXPECT_TRUE(store().claim_time_stamping(at(100), at(160)).value());
  reopen();
  EXPECT_FALSE(store().claim_time_stamping(at(100), at(170)).value());
  EXPECT_FALSE(store().claim_time_stamping(at(159), at(170)).value());
  EXPECT_TRUE(store().claim_time_stamping(at(160), at(220)).value());
  // Made by a clock that was days ahead.
  EXPECT_TRUE(store().claim_time_stamping(at(500'000), at(500'060)).value());
  EXPECT_TRUE(store().claim_time_stamping(at(300), at(360)).value());
}

TEST_P(StoreLedger, OfEachWitnessTheLastCosignatureIsKept) {
  EXPECT_TRUE(store().cosignatures()->empty());
  for (const auto size : {3, 5, 5})
    ASSERT_TRUE(store().add_cosignature(cosignature_of("w2+key", size)));
  ASSERT_TRUE(store().add_cosignature(cosignature_of("w1+key", 4)));
  ASSERT_TRUE(store().add_cosignature(cosignature_of("w2+key", 4))) << "of a smaller log";
  reopen();
  const auto all = store().cosignatures().value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].witness, "w1+key");
  EXPECT_EQ(all[1].witness, "w2+key");
  EXPECT_EQ(all[1].size, 5);
  EXPECT_EQ(all[1].at, at(1005));
  EXPECT_EQ(all[1].note, "the note of 5");
  EXPECT_EQ(all[1].line, "a line\n");
}

TEST_P(StoreLedger, RefusesACosignatureWithoutWhatItIsOver) {
  for (const auto spoil : {+[](StoredCosignature& one) { one.witness.clear(); },
                           +[](StoredCosignature& one) { one.size = 0; },
                           +[](StoredCosignature& one) { one.note.clear(); },
                           +[](StoredCosignature& one) { one.line.clear(); },
                           +[](StoredCosignature& one) { one.line.resize(70'000); }}) {
    auto one = cosignature_of("w+key", 1);
    spoil(one);
    EXPECT_EQ(code_of(store().add_cosignature(one)), "internal");
  }
  EXPECT_TRUE(store().cosignatures()->empty());
}

TEST_P(StoreLedger, AWitnesssTroubleIsOverWhenItCosigns) {
  const Text away{"away", "無法連線"};
  ASSERT_TRUE(store().set_witness_trouble({"w1+key", at(100), false, away}));
  ASSERT_TRUE(store().set_witness_trouble({"w1+key", at(200), false, away}));
  ASSERT_TRUE(store().set_witness_trouble({"w2+key", at(200), false, away}));
  reopen();
  auto all = store().witness_troubles().value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].witness, "w1+key");
  EXPECT_EQ(all[0].since, at(100)) << "it goes on";
  EXPECT_EQ(all[0].what.zh_tw, "無法連線");
  ASSERT_TRUE(store().set_witness_trouble({"w1+key", at(300), false, {"slow", "逾時"}}));
  EXPECT_EQ(store().witness_troubles()->at(0).since, at(300)) << "another one";
  ASSERT_TRUE(store().set_witness_trouble({"w1+key", at(400), true, {"forked", "分岔"}}));
  ASSERT_TRUE(store().set_witness_trouble({"w1+key", at(500), false, away}));
  all = store().witness_troubles().value();
  EXPECT_TRUE(all[0].is_alarm) << "it is not over because the witness is away";
  EXPECT_EQ(all[0].what.en, "forked");
  ASSERT_TRUE(store().add_cosignature(cosignature_of("w1+key", 4)));
  all = store().witness_troubles().value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].witness, "w2+key");
}

TEST_P(StoreLedger, OneAtATimeAsksWitnesses) {
  EXPECT_TRUE(store().claim_time_stamping(at(100), at(160)).value());
  EXPECT_TRUE(store().claim_witnessing(at(100), at(160)).value()) << "which is another matter";
  EXPECT_FALSE(store().claim_witnessing(at(159), at(170)).value());
  EXPECT_TRUE(store().claim_witnessing(at(160), at(220)).value());
  EXPECT_TRUE(store().claim_witnessing(at(500'000), at(500'060)).value());
  EXPECT_TRUE(store().claim_witnessing(at(300), at(360)).value()) << "a clock that was days ahead";
}

}  // namespace assay::collector
