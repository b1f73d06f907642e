#include "agent/probes/linux/hardening/sshd/sshd_options.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

std::string options(std::string_view value) {
  std::string all;
  for (const auto& option : parse_sshd_options(value, "/x", 1)) {
    all += option.keyword;
    for (const auto& argument : option.arguments) all += " " + argument;
    all += ";";
  }
  return all;
}

TEST(SshdOptions, ReadsWhatChangesSettings) {
  EXPECT_EQ(options("'-oCiphers=aes256-ctr -o MACs=hmac-sha2-512 -p 2222 -4'"),
            "ciphers aes256-ctr;macs hmac-sha2-512;port 2222;addressfamily inet;");
  EXPECT_EQ(options("\"-u0 -f /etc/ssh/other\""), "-f /etc/ssh/other;");
  EXPECT_EQ(options(""), "");
  EXPECT_EQ(options("- -o"), "");
}

TEST(SshdOptions, ComeFromTheFilesOfDistributions) {
  MemoryHost host;
  host.files["/etc/default/ssh"] = "# a comment\nSSHD_OPTS=-oPort=2200\n";
  host.files["/etc/crypto-policies/back-ends/opensshserver.config"] =
      "CRYPTO_POLICY='-oMACs=hmac-sha2-512'";
  const auto read = read_sshd_options(host).value();
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].source, "/etc/default/ssh");
  EXPECT_EQ(read[0].line, 2);
  EXPECT_EQ(read[1].keyword, "macs");
}

}  // namespace
}  // namespace assay::agent
