#include "collector/main/doctor.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "collector/identity/token.h"
#include "collector/main/doctor_service.h"
#include "collector/main/state.h"
#include "tests/unit/evidence/ledger/stamp_authority.h"

namespace assay::collector {
namespace {

class Doctor : public testing::Test {
 protected:
  Doctor() : state_(testing::TempDir() + "doctor-" + std::to_string(getpid())) {
    std::filesystem::remove_all(state_);
    std::filesystem::create_directories(state_);
    (void)::chmod(state_.c_str(), 0700);
    EXPECT_TRUE(Authority::create(identity_folder(state_), {"localhost"}, now_));
    store_ = open_store(state_, true).value();
  }
  ~Doctor() override { std::filesystem::remove_all(state_); }

  Symptom symptom(const std::string& subject, bool is_deep = false) {
    for (auto& one : examine(state_, now_, {is_deep}))
      if (one.subject == subject) return one;
    ADD_FAILURE() << "nothing is said of " << subject;
    return {};
  }
  void enroll(evidence::Seconds seen) {
    const auto token = new_enrollment_token({}, now_, std::chrono::hours(1)).value();
    ASSERT_TRUE(store_->add_token(token.record));
    Host host;
    host.id = new_uuid().value();
    host.name = "web";
    host.enrolled_at = std::min(now_, seen);
    Certificate certificate;
    certificate.serial = "01";
    certificate.host_id = host.id;
    certificate.not_before = now_;
    certificate.not_after = now_ + std::chrono::hours(1);
    ASSERT_TRUE(store_->enroll(token.record.hash, host, certificate, std::min(now_, seen)));
    const Sighting sighting{host.id, seen};
    ASSERT_TRUE(store_->saw({&sighting, 1}));
  }

  void run(const std::string& sql) const {
    sqlite3* file = nullptr;
    ASSERT_EQ(sqlite3_open((state_ + "/store.db").c_str(), &file), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sql;
    sqlite3_close(file);
  }
  // The store's version, as SQLite keeps it; set to `wanted` when that is not 0.
  int store_version(int wanted = 0) const {
    sqlite3* file = nullptr;
    EXPECT_EQ(sqlite3_open((state_ + "/store.db").c_str(), &file), SQLITE_OK);
    int version = -1;
    const auto read = [](void* out, int, char** values, char**) {
      *static_cast<int*>(out) = std::stoi(values[0]);
      return 0;
    };
    const auto set = "PRAGMA user_version = " + std::to_string(wanted);
    if (wanted != 0) sqlite3_exec(file, set.c_str(), nullptr, nullptr, nullptr);
    sqlite3_exec(file, "PRAGMA user_version", read, &version, nullptr);
    sqlite3_close(file);
    return version;
  }

  const evidence::Seconds now_ = system_now();
  std::string state_;
  std::unique_ptr<Store> store_;
};

using Kind = Symptom::Kind;

TEST_F(Doctor, FindsAFreshCollectorWellButForNobodyServing) {
  for (const auto* subject :
       {"state", "settings", "authority", "store", "hosts", "clock", "events"})
    EXPECT_EQ(symptom(subject).kind, Kind::kGood) << subject << ": " << symptom(subject).said.en;
  EXPECT_EQ(symptom("service").kind, Kind::kTrouble);
  const auto lock = ServeLock::take(state_);
  ASSERT_TRUE(lock);
  EXPECT_EQ(symptom("service").kind, Kind::kWarning) << "it holds the lock and told no ports yet";
  for (const auto& one : examine(state_, now_, {})) {
    EXPECT_FALSE(one.said.en.empty()) << one.subject;
    EXPECT_FALSE(one.said.zh_tw.empty()) << one.subject;
  }
}

TEST_F(Doctor, TellsOfHowManyAgentsCanBeConnected) {
  const auto lock = ServeLock::take(state_);
  ASSERT_TRUE(lock);
  std::ofstream(state_ + "/serve.json") << R"({"pid":)" << ::getpid() << "}";
  ASSERT_EQ(::chmod((state_ + "/serve.json").c_str(), 0600), 0);
  EXPECT_EQ(symptom("connections").kind, Kind::kGood);
  // More than any limit is taken for.
  const auto all = examine_service(state_, 2'000'000);
  ASSERT_EQ(all.size(), 2U);
  const auto& connections = all.back();
  EXPECT_EQ(connections.kind, Kind::kWarning) << connections.said.en;
  EXPECT_NE(connections.said.en.find("of 2000000 hosts"), std::string::npos) << connections.said.en;
  EXPECT_NE(connections.said.zh_tw.find("2000000 台主機"), std::string::npos);
  std::ofstream(state_ + "/serve.json") << "{}";
  EXPECT_EQ(symptom("connections").kind, Kind::kWarning) << "whose limit that is is not known";
}

TEST_F(Doctor, AFolderThatOthersMayReadIsTrouble) {
  ASSERT_EQ(::chmod(state_.c_str(), 0755), 0);
  EXPECT_EQ(symptom("state").kind, Kind::kTrouble);
  EXPECT_NE(symptom("state").said.zh_tw.find("chmod 0700"), std::string::npos);
}

TEST_F(Doctor, SettingsThatCannotBeReadAreTroubleWithFileAndLine) {
  std::ofstream(state_ + "/collector.yaml") << "listen: 127.0.0.1:0\nlisten_too: x\n";
  EXPECT_EQ(symptom("settings").kind, Kind::kTrouble);
  EXPECT_NE(symptom("settings").said.en.find("collector.yaml:2"), std::string::npos)
      << symptom("settings").said.en;
}

TEST_F(Doctor, AnAuthorityThatEndsIsWarnedOfAndThenTrouble) {
  const auto at = [&](std::chrono::days later) {
    for (auto& one : examine(state_, now_ + later, {}))
      if (one.subject == "authority") return one.kind;
    return Kind::kGood;
  };
  EXPECT_EQ(at(kCaLifetime - std::chrono::days(200)), Kind::kGood);
  EXPECT_EQ(at(kCaLifetime - std::chrono::days(100)), Kind::kWarning);
  EXPECT_EQ(at(kCaLifetime + std::chrono::days(2)), Kind::kTrouble);
}

TEST_F(Doctor, AClockThatWasSetBackIsTrouble) {
  enroll(now_ + std::chrono::hours(24 * 365));
  EXPECT_EQ(symptom("clock").kind, Kind::kTrouble);
}

TEST_F(Doctor, HostsThatAreSilentAndWhatWasRefusedAreWarnedOf) {
  enroll(now_ - std::chrono::hours(24 * 8));
  EXPECT_EQ(symptom("hosts").kind, Kind::kWarning);
  Event event;
  event.kind = Event::Kind::kFork;
  event.detail = "two manifests with one number";
  event.last = now_ - std::chrono::hours(1);
  ASSERT_TRUE(store_->add_event(event));
  EXPECT_EQ(symptom("events").kind, Kind::kWarning);
  EXPECT_NE(symptom("events").said.en.find("1 fork"), std::string::npos)
      << symptom("events").said.en;
}

TEST_F(Doctor, TimeStampsAreAskedAboutWhereTheyAreWanted) {
  for (const auto& one : examine(state_, now_, {})) EXPECT_NE(one.subject, "timestamps");
  std::ofstream(state_ + "/collector.yaml")
      << "ledger: {timestamps: {url: 'http://tsa.example/', ca: tsa.pem, every: 1h}}\n";
  EXPECT_EQ(symptom("timestamps").kind, Kind::kTrouble) << "there is no such file";
  std::ofstream(state_ + "/tsa.pem") << evidence::StampAuthority().ca();
  EXPECT_EQ(symptom("timestamps").kind, Kind::kGood) << "nothing was logged";
  const auto with_entry_of = [&](std::chrono::minutes age) {
    run("DELETE FROM ledger_entries");
    run("INSERT INTO ledger_entries VALUES (0, randomblob(32), 'host-1', 1, " +
        std::to_string((now_ - age).time_since_epoch().count()) + ")");
    return symptom("timestamps");
  };
  EXPECT_EQ(with_entry_of(std::chrono::minutes(90)).kind, Kind::kGood);
  const auto late = with_entry_of(std::chrono::minutes(150));
  EXPECT_EQ(late.kind, Kind::kWarning);
  EXPECT_NE(late.said.en.find("for 2 h"), std::string::npos) << late.said.en;
  EXPECT_NE(late.said.zh_tw.find("2 小時"), std::string::npos) << late.said.zh_tw;
  EXPECT_NE(with_entry_of(std::chrono::hours(100)).said.en.find("4 days"), std::string::npos);
}

TEST_F(Doctor, TellsOfEachWitnessWhenItCosignedLast) {
  const std::string key =
      "witness.example/w1+6cf994dc+BLsCFqHoSuMyyqWMAp4ZwofsZVULfGAYJXPKAUr9iZii";
  for (const auto& one : examine(state_, now_, {})) EXPECT_NE(one.subject, "witness");
  std::ofstream(state_ + "/collector.yaml")
      << "ledger: {witnesses: [{url: 'http://w.example/', key: '" << key << "'}]}\n";
  EXPECT_EQ(symptom("witness").kind, Kind::kGood) << "nothing was logged";
  run("INSERT INTO ledger_entries VALUES (0, randomblob(32), 'host-1', 1, " +
      std::to_string((now_ - std::chrono::hours(3)).time_since_epoch().count()) + ")");
  EXPECT_EQ(symptom("witness").kind, Kind::kWarning) << "and nobody was asked";
  ASSERT_TRUE(store_->add_cosignature({key, 1, now_ - std::chrono::minutes(90), "x", "x"}));
  EXPECT_EQ(symptom("witness").kind, Kind::kGood);
  EXPECT_NE(symptom("witness").said.en.find("co-signed 1 entries 1 h ago"), std::string::npos)
      << symptom("witness").said.en;
  ASSERT_TRUE(store_->set_witness_trouble({key, now_, false, {"it is away", "無法連線"}}));
  EXPECT_EQ(symptom("witness").kind, Kind::kWarning);
  EXPECT_NE(symptom("witness").said.zh_tw.find("無法連線"), std::string::npos);
  ASSERT_TRUE(store_->set_witness_trouble({key, now_, true, {"it was forked", "已分岔"}}));
  EXPECT_EQ(symptom("witness").kind, Kind::kTrouble);
}

TEST_F(Doctor, AStoreOfAnOlderVersionIsToldOfAndLeftAsItIs) {
  store_.reset();
  const int older = store_version() - 1;
  ASSERT_EQ(store_version(older), older);
  EXPECT_EQ(symptom("store").kind, Kind::kTrouble);
  EXPECT_NE(symptom("store").said.en.find("another version"), std::string::npos);
  EXPECT_NE(symptom("store").said.zh_tw.find("另一版"), std::string::npos);
  EXPECT_EQ(store_version(), older) << "whoever only looks brings nothing forward";
}

TEST_F(Doctor, AStoreThatIsDamagedOrMissingIsTrouble) {
  for (int i = 0; i < 400; ++i) {
    const auto token =
        new_person_token(evidence::Digest(), "p" + std::to_string(i), Role::kAuditor, now_, {});
    ASSERT_TRUE(store_->add_token(token.value().record));
  }
  EXPECT_EQ(symptom("store", true).kind, Kind::kGood);
  store_.reset();
  {
    std::fstream file(state_ + "/store.db", std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 2; page < 16; ++page) {
      file.seekp(page * 4096);
      file << std::string(64, '\xff');
    }
  }
  EXPECT_EQ(symptom("store", true).kind, Kind::kTrouble);
  std::filesystem::remove(state_ + "/store.db");
  EXPECT_EQ(symptom("store").kind, Kind::kTrouble);
}

}  // namespace
}  // namespace assay::collector
