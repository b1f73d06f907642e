#include "agent/probes/linux/hardening/crypto/openssl_conf.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

constexpr const char* kFile = "/etc/ssl/openssl.cnf";

class OpensslConfTest : public testing::Test {
 protected:
  std::string value(const std::string& text, const std::string& section, std::string_view name) {
    host_.files[kFile] = text;
    const auto conf = read_openssl_conf(host_, kFile);
    if (!conf) return "refused";
    const auto* found = conf->find(section, name);
    if (found == nullptr) return "none";
    return found->text + "@" + std::to_string(found->line);
  }
  MemoryHost host_;
};

TEST_F(OpensslConfTest, ReadsSectionsNamesAndValues) {
  EXPECT_EQ(value("a = 1\n[ s ]\n a=2 # comment\n", "default", "a"), "1@1");
  EXPECT_EQ(value("a = 1\n[ s ]\n a=2 # comment\n", "s", "a"), "2@3");
  EXPECT_EQ(value("s::a = 3\n", "s", "a"), "3@1");
}

TEST_F(OpensslConfTest, TheLaterValueCounts) {
  EXPECT_EQ(value("[s]\na=1\n[t]\na=9\n[s]\na=2\n", "s", "a"), "2@6");
}

TEST_F(OpensslConfTest, LinesContinueAndQuotesHoldComments) {
  EXPECT_EQ(value("a = one\\\n two\n", "default", "a"), "one two@1");
  EXPECT_EQ(value("a = \"x # y\" z\n", "default", "a"), "x # y z@1");
  EXPECT_EQ(value("a = x\\#y\n", "default", "a"), "x#y@1");
}

TEST_F(OpensslConfTest, AnIncludedFileGoesOnInTheSection) {
  host_.files["/etc/crypto/x.config"] = "MinProtocol = TLSv1.2\n";
  EXPECT_EQ(value("[s]\n.include = /etc/crypto/x.config\n", "s", "MinProtocol"), "TLSv1.2@1");
  EXPECT_EQ(value("[s]\n.include /etc/crypto/x.config\n", "s", "MinProtocol"), "TLSv1.2@1");
}

TEST_F(OpensslConfTest, OfAFolderOnlyTheFilesThatEndInCnfOrConfAreIncluded) {
  host_.files["/etc/ssl/d/a.cnf"] = "[s]\na=1\n";
  host_.files["/etc/ssl/d/b.txt"] = "[s]\na=2\n";
  EXPECT_EQ(value(".include /etc/ssl/d\n", "s", "a"), "1@2");
}

TEST_F(OpensslConfTest, PassesOverAnIncludedFileThatIsNotThere) {
  EXPECT_EQ(value(".include /none\na = 1\n", "default", "a"), "1@2");
}

TEST_F(OpensslConfTest, RefusesWhatTheLibraryRefuses) {
  EXPECT_EQ(value("[s\na=1\n", "s", "a"), "refused");
  EXPECT_EQ(value("words without a sign\n", "s", "a"), "refused");
  EXPECT_EQ(value(".include /etc/ssl/openssl.cnf\n", "s", "a"), "refused");
}

TEST_F(OpensslConfTest, MarksAVariable) {
  host_.files[kFile] = "a = $ENV::HOME\n";
  EXPECT_TRUE(read_openssl_conf(host_, kFile)->find("default", "a")->has_variable);
}

}  // namespace
}  // namespace assay::agent
