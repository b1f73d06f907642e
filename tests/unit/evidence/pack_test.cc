// What verify_pack() finds in a pack, and that no altered byte of it passes.
#include "evidence/pack.h"

#include <algorithm>
#include <map>

#include "evidence/ledger/act.h"
#include "tests/unit/evidence/ledger/logged_bundle.h"

namespace assay::evidence {
namespace {

using Outcome = Verification::Outcome;

class Packs : public LoggedBundle {
 protected:
  Packs() : LoggedBundle(2) {
    const auto archive = to_archive(bundle_).value();
    const auto members = read_tar(archive).value();
    for (const auto& [name, content] : members) files_[std::string(name)] = content;
    files_["controls.csv"] = "framework,control,state\r\nx,1,pass\r\n";
    files_["files/" + sha256("plan").hex()] = "plan";
    seal();
  }

  // Lists what is there, and has the act that names the list logged.
  void seal() {
    PackList list;
    list.ledger = key_.name;
    list.framework = "idb-isp";
    list.edition = "1";
    list.as_of = kAt;
    list.hosts = {{kSampleHost, sha256(bundle_.manifests.back().manifest)}};
    if (!names_earlier_) list.hosts.back().manifest = sha256(bundle_.manifests.front().manifest);
    for (const auto& [name, content] : files_)
      if (!name.ends_with(".tlog-proof") && !name.starts_with("act.") && name != "pack.json")
        list.files.push_back({name, static_cast<std::int64_t>(content.size()), sha256(content)});
    files_["pack.json"] = to_text(list);
    const Act act{
        1,
        "pack_made",
        "1",
        kAt,
        "t1",
        "Lin",
        {{"framework", std::string("idb-isp")}, {"pack", sha256(files_["pack.json"]).hex()}}};
    files_["act.json"] = to_text(act);
    TiledTree tree;
    const std::vector<std::string> entries{
        entries_[0], to_text(LedgerEntry{sha256(files_["act.json"]), {}, 1, kAt})};
    std::vector<Digest> leaves;
    for (const auto& entry : entries) leaves.push_back(leaf_hash(entry));
    const auto head = tree.add(leaves);
    TileTree tiles(head.size, tree.reader());
    files_["act.tlog-proof"] = to_text(TlogProof{
        entries[1], 1, inclusion_proof(1, head.size, tiles.reader()).value(), sign(head)});
  }

  [[nodiscard]] std::string archive() const {
    std::vector<TarMember> members;
    for (const auto& [name, content] : files_) members.push_back({name, content});
    return write_tar(members).value();
  }
  [[nodiscard]] bool is_good() const {
    const auto report = verify_pack(archive(), trust());
    return report && report->is_good();
  }

  static constexpr Seconds kAt{std::chrono::days(20'001)};
  std::map<std::string, std::string> files_;
  bool names_earlier_ = true;
};

// Both manifests are in it; a pack as of one moment names one. So only the last is left in it.
class Pack : public Packs {
 protected:
  Pack() {
    std::erase_if(files_, [](const auto& file) {
      return file.first.find("/000000000001-") != std::string::npos;
    });
    seal();
  }
};

TEST_F(Pack, HoldsByTheLedgersKeyAlone) {
  const auto report = verify_pack(archive(), trust());
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_TRUE(report->is_good());
  for (const auto& entry : report->entries)
    EXPECT_NE(entry.outcome, Outcome::kBad) << entry.subject.en << ": " << entry.detail.en;
  EXPECT_TRUE(is_pack(archive()));
  EXPECT_FALSE(is_pack(to_archive(bundle_).value()));
}

TEST_F(Pack, SaysWhatWasNotLookedAt) {
  const auto report = verify_pack(archive(), trust()).value();
  EXPECT_EQ(report.entries.back().outcome, Outcome::kNotChecked);
  EXPECT_EQ(report.entries.back().subject.en, "reports");
  const auto without = verify_pack(archive(), {.ca_pem = sample_.authority.certificate}).value();
  EXPECT_TRUE(without.is_good());
  EXPECT_TRUE(std::ranges::any_of(without.entries, [](const Verification& entry) {
    return entry.subject.en == "act.json" && entry.outcome == Outcome::kNotChecked;
  })) << "nobody vouches for the ledger";
}

TEST_F(Pack, AnAlteredByteInAnyMemberIsFound) {
  for (auto& [name, content] : files_) {
    const auto good = content;
    const std::size_t step = std::max<std::size_t>(1, good.size() / 97);
    for (std::size_t i = 0; i < good.size(); i += step) {
      content[i] = static_cast<char>(good[i] ^ 1);
      EXPECT_FALSE(is_good()) << name << ", byte " << i;
      content = good;
    }
    content = good + "\n";
    EXPECT_FALSE(is_good()) << name << ", a byte more";
    content = good;
  }
  EXPECT_TRUE(is_good());
}

TEST_F(Pack, AnAlteredByteOfTheArchiveIsFound) {
  const auto good = archive();
  for (std::size_t i = 0; i < good.size(); i += 61) {
    auto other = good;
    other[i] = static_cast<char>(other[i] ^ 1);
    const auto report = verify_pack(other, trust());
    EXPECT_FALSE(report && report->is_good()) << i;
  }
}

TEST_F(Pack, AMissingMemberIsFound) {
  const auto all = files_;
  for (const auto& [name, content] : all) {
    files_ = all;
    files_.erase(name);
    EXPECT_FALSE(is_good()) << name;
  }
}

TEST_F(Pack, AMemberThatIsInNoListIsFound) {
  for (const auto* name : {"notes.txt", "tables/notes.txt", "manifests/notes.tlog-proof",
                           "timestamps/notes.txt", "act.tst", "act.witness-01", "act.witness-x"}) {
    files_[name] = "x";
    EXPECT_FALSE(is_good()) << name;
    files_.erase(name);
  }
}

TEST_F(Pack, AListOfOnesOwnIsNotTheOneThatWasLogged) {
  files_["controls.csv"] = "framework,control,state\r\nx,1,pass\r\nx,2,pass\r\n";
  const auto act = files_["act.json"];
  const auto proof = files_["act.tlog-proof"];
  seal();
  files_["act.json"] = act;
  files_["act.tlog-proof"] = proof;
  EXPECT_FALSE(is_good());
}

TEST_F(Pack, AListThatListsWhatProvesItselfIsBad) {
  auto list = pack_list_from(files_["pack.json"]).value();
  list.files.insert(list.files.begin(), PackFile{"act.json", 0, {}});
  files_["pack.json"] = to_text(list);
  EXPECT_FALSE(is_good());
}

TEST_F(Packs, AManifestThatNoHostIsJudgedByIsFound) {
  EXPECT_FALSE(is_good());
}

TEST_F(Pack, AHostWithoutItsManifestIsFound) {
  names_earlier_ = false;
  seal();
  EXPECT_FALSE(is_good());
}

TEST_F(Pack, ANamedWitnessMustHaveSigned) {
  auto watched = trust();
  watched.witnesses = {
      verifier_key_of(new_note_key().value(), "witness.example", KeyKind::kWitness).value()};
  const auto report = verify_pack(archive(), watched).value();
  EXPECT_FALSE(report.is_good());
}

TEST(PackListText, IsReadAsItIsWritten) {
  PackList list;
  list.framework = "x";
  list.since = Seconds(std::chrono::days(1));
  list.as_of = Seconds(std::chrono::days(2));
  list.hosts = {{"a", {}}, {"b", sha256("m")}};
  list.files = {{"a.csv", 3, sha256("abc")}, {"b.csv", 0, sha256("")}};
  const auto text = to_text(list);
  EXPECT_EQ(pack_list_from(text).value(), list);
  for (std::size_t i = 0; i < text.size(); ++i) EXPECT_FALSE(pack_list_from(text.substr(0, i)));
  list.since = Seconds(std::chrono::days(3));
  EXPECT_FALSE(pack_list_from(to_text(list))) << "a period that ends before it begins";
  list.since.reset();
  std::swap(list.files[0], list.files[1]);
  EXPECT_FALSE(pack_list_from(to_text(list)));
}

}  // namespace
}  // namespace assay::evidence
