#include "agent/probes/linux/hardening/sshd/sshd_program.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using namespace std::string_view_literals;

constexpr auto kProgram =
    "\x7f"
    "ELF\0OpenSSH_5*\0OpenSSH_6.6.1*\0OpenSSH_9.2p1 Debian\0"
    "chacha20-poly1305@openssh.com,aes256-ctr\0"
    "umac-128-etm@openssh.com,hmac-sha2-256\0"
    "curve25519-sha256@libssh.org,diffie-hellman-group14-sha256\0"
    "ssh-ed25519-cert-v01@openssh.com,rsa-sha2-512,rsa-sha2-256\0"sv;

TEST(SshdProgram, TellsItsVersionFromThoseOfOthers) {
  EXPECT_EQ(read_sshd_program(kProgram).version, 902);
  EXPECT_EQ(read_sshd_program("OpenSSH_10.0p2\0"sv).version, 1000);
  EXPECT_EQ(read_sshd_program("OpenSSH_7.4*\0OpenSSH_999.1p1\0"sv).version, 0);
}

TEST(SshdProgram, HasItsBuiltInLists) {
  const auto program = read_sshd_program(kProgram);
  EXPECT_EQ(program.ciphers, "chacha20-poly1305@openssh.com,aes256-ctr");
  EXPECT_EQ(program.macs, "umac-128-etm@openssh.com,hmac-sha2-256");
  EXPECT_EQ(program.kex_algorithms, "curve25519-sha256@libssh.org,diffie-hellman-group14-sha256");
  EXPECT_FALSE(program.public_key_algorithms.empty());
}

TEST(SshdProgram, TwoDifferentListsOfAKindAreNone) {
  const auto program = read_sshd_program(
      "chacha20-poly1305@openssh.com,aes256-ctr\0chacha20-poly1305@openssh.com,x,aes256-ctr\0"sv);
  EXPECT_EQ(program.ciphers, "");
}

TEST(SshdProgram, AnythingElseHasNothing) {
  for (const auto bytes : {""sv, "OpenSSH_"sv, "OpenSSH_9."sv, "\0\0,"sv}) {
    const auto program = read_sshd_program(bytes);
    EXPECT_EQ(program.version, 0);
    EXPECT_EQ(program.ciphers, "");
  }
}

}  // namespace
}  // namespace assay::agent
