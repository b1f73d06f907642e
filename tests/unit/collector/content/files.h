// A state folder with files of content in it, and a clock that a test moves.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "checks/bundle/content_bundle.h"
#include "checks/engine/compiler.h"
#include "collector/content/installed_content.h"
#include "tests/unit/evidence/authority.h"

namespace assay::collector {

// One rule that reads `users`, with a threshold to tell two contents apart.
inline std::string rule(const std::string& id, int uid) {
  return "- id: " + id +
         "\n  title: {en: T, zh-TW: 標題}\n  rationale: {en: R, zh-TW: 理由}\n"
         "  severity: low\n  key: [username]\n  query: SELECT username FROM users WHERE uid > " +
         std::to_string(uid) +
         "\n  remedy: {en: R, zh-TW: 補救}\n  controls:\n"
         "    - {control: \"test:1\", proves: full}\n";
}

inline checks::Content shipped_content(int uid) {
  checks::Compiler compiler;
  compiler.add(
      "framework: test\nedition: \"1\"\ntitle: {en: T, zh-TW: 標題}\nsource: {en: S, zh-TW: 來源}\n"
      "controls_in_document: 1\ncontrols:\n  - {id: \"1\", title: {en: C, zh-TW: 控制}, gist: "
      "{en: G, zh-TW: 要旨}, mode: automated, location: {en: L, zh-TW: 位置}}\n",
      "test.yaml");
  compiler.add(
      "table: eol_cycles\nsource: list\nretrieved: 2026-11-01\nrows:\n"
      "  - {product: debian, cycle: \"12\", security_until: 2026-07-11}\n",
      "cycles.yaml");
  compiler.add(rule("BASE-1", uid), "rules/base.yaml");
  return std::move(compiler).finish().value();
}

class ContentFiles : public testing::Test {
 protected:
  ContentFiles() {
    folder_ = testing::TempDir() + "content-XXXXXX";
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    places_ = {folder_ + "/state", folder_ + "/own", folder_ + "/trust"};
    for (const auto& path : {places_.state, places_.own, places_.trust})
      std::filesystem::create_directory(path);
    write(shipped(), checks::to_json(shipped_content(0)));
    ::setenv("ASSAY_CONTENT", shipped().c_str(), 1);
  }
  ~ContentFiles() override {
    ::unsetenv("ASSAY_CONTENT");
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string shipped() const { return folder_ + "/content.json"; }
  [[nodiscard]] std::string own(const std::string& name) const { return places_.own + "/" + name; }
  static void write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  // At no time half of it is there.
  void put(const std::string& path, const std::string& text) const {
    write(folder_ + "/draft", text);
    std::filesystem::rename(folder_ + "/draft", path);
  }
  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  // A bundle by `signer`, made on a day of November 2026.
  std::string bundle(const evidence::KeyAndCertificate& signer, const std::string& day,
                     int uid = 1000) {
    checks::ContentBundle made;
    made.title = "Head office";
    made.created = "2026-11-" + day + "T00:00:00Z";
    made.valid_days = 30;
    made.content = checks::to_json(shipped_content(uid));
    made.certificate = signer.certificate;
    const auto file = folder_ + "/new.bundle";
    write(file, checks::to_bytes(made, signer.key).value());
    return file;
  }
  Result<InstalledContent> install(const std::string& file, bool may_be_older = false) {
    return install_content(places_, {file, may_be_older, now_});
  }
  void trust(const evidence::KeyAndCertificate& signer) {
    write(places_.trust + "/head-office.pem", signer.certificate);
  }

  std::string folder_;
  ContentPlaces places_;
  const evidence::KeyAndCertificate signer_ = evidence::make_authority();
  evidence::Seconds now_ = evidence::from_timestamp("2026-11-21T05:00:00Z").value();
};

}  // namespace assay::collector
