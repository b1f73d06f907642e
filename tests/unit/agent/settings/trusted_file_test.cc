#include "agent/settings/trusted_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/signature.h"
#include "tests/unit/agent/scratch_folder.h"
#include "tests/unit/evidence/authority.h"

namespace assay::agent {
namespace {

constexpr const char* kText = "sweep: {scanner: true}\n";

class TrustedFileTest : public testing::Test {
 protected:
  TrustedFileTest() { scratch_.write("etc/agent.yaml", kText); }
  [[nodiscard]] std::string path(const std::string& name) const {
    return scratch_.root() + "/etc" + name;
  }
  [[nodiscard]] Status check(uid_t owner = ::geteuid()) const {
    return check_trusted_file(path("/agent.yaml"), kText, path("/sweep-trust.pem"), owner);
  }
  void refuses(const std::string& words, uid_t owner = ::geteuid()) const {
    const auto checked = check(owner);
    ASSERT_FALSE(checked) << words;
    EXPECT_EQ(checked.error().code(), Code::kConfiguration);
    EXPECT_NE(checked.error().message().find(words), std::string::npos)
        << checked.error().message();
  }
  ScratchFolder scratch_;
};

TEST_F(TrustedFileTest, OfItsOwnerAloneIsTrusted) {
  EXPECT_TRUE(check()) << check().error().message();
}

TEST_F(TrustedFileTest, ThatOthersCanWriteIsNot) {
  ASSERT_EQ(::chmod(path("/agent.yaml").c_str(), 0664), 0);
  refuses("can be written by others");
}

TEST_F(TrustedFileTest, InAFolderThatOthersCanWriteIsNot) {
  ASSERT_EQ(::chmod(path("").c_str(), 0777), 0);
  refuses("/etc can be written by others");
}

TEST_F(TrustedFileTest, BehindALinkIsNot) {
  scratch_.write("elsewhere.yaml", kText);
  std::filesystem::remove(path("/agent.yaml"));
  scratch_.link("etc/agent.yaml", scratch_.root() + "/elsewhere.yaml");
  refuses("symbolic link");
}

TEST_F(TrustedFileTest, OfSomebodyElseIsNot) {
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(path("/agent.yaml").c_str(), 65'534, 65'534), 0);
    refuses("does not belong to root");
  } else {
    refuses("does not belong to root", 0);
  }
}

TEST_F(TrustedFileTest, WhereACertificateLiesItMustBeSigned) {
  const auto authority = evidence::make_authority();
  const auto signer = evidence::make_agent(authority, "settings");
  scratch_.write("etc/sweep-trust.pem", signer.certificate);
  refuses("there is no signature");
  scratch_.write("etc/agent.yaml.sig", evidence::sign(signer.key, "another text").value());
  refuses("the signature is not that of");
  scratch_.write("etc/agent.yaml.sig", evidence::sign(authority.key, kText).value());
  refuses("the signature is not that of");
  scratch_.write("etc/agent.yaml.sig", evidence::sign(signer.key, kText).value());
  EXPECT_TRUE(check()) << check().error().message();
  ASSERT_EQ(::chmod(path("/sweep-trust.pem").c_str(), 0666), 0);
  refuses("sweep-trust.pem can be written by others");
}

}  // namespace
}  // namespace assay::agent
