#include "agent/probes/linux/accounts/password_policy/pam_stack.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/accounts/password_policy/pam_walk.h"
#include "tests/unit/agent/map_host.h"

namespace assay::agent {
namespace {

Result<PamStack> stack_of(MapHost& host, std::string_view service, PamType type) {
  PamReader reader(host);
  if (auto opened = reader.open(); !opened) return fail(opened.error());
  return reader.stack(service, type);
}

std::string modules_of(const Result<PamStack>& stack) {
  if (!stack) return stack.error().message();
  std::string names;
  for (const auto& entry : *stack) {
    names +=
        (names.empty() ? "" : " ") + (entry.kind == PamEntry::Kind::kMustFail ? "!" : entry.module);
  }
  return names;
}

TEST(PamStack, TakesEveryTypeFromAnAtInclude) {
  MapHost host{{"/etc/pam.d/login", "@include common\n"},
               {"/etc/pam.d/common", "auth required pam_a.so\naccount required pam_b.so\n"}};
  EXPECT_EQ(modules_of(stack_of(host, "login", PamType::kAuth)), "pam_a");
  EXPECT_EQ(modules_of(stack_of(host, "login", PamType::kAccount)), "pam_b");
}

TEST(PamStack, KeepsTheFileAndLineOfEveryModule) {
  MapHost host{{"/etc/pam.d/login", "\nauth include common\n"},
               {"/etc/pam.d/common", "# x\n\nauth required /lib/security/pam_a.so\n"}};
  const auto stack = stack_of(host, "login", PamType::kAuth);
  ASSERT_TRUE(stack.has_value());
  ASSERT_EQ(stack->size(), 1U);
  EXPECT_EQ((*stack)[0].where.text(), "/etc/pam.d/common:3");
  EXPECT_EQ((*stack)[0].module, "pam_a");
}

TEST(PamStack, PrefersEtcOverTheVendorFolder) {
  MapHost host{{"/etc/pam.d/a", "auth required pam_etc.so\n"},
               {"/usr/lib/pam.d/a", "auth required pam_vendor.so\n"},
               {"/usr/lib/pam.d/b", "auth required pam_vendor.so\n"}};
  EXPECT_EQ(modules_of(stack_of(host, "a", PamType::kAuth)), "pam_etc");
  EXPECT_EQ(modules_of(stack_of(host, "b", PamType::kAuth)), "pam_vendor");
}

TEST(PamStack, FallsBackToOther) {
  MapHost host{{"/etc/pam.d/other", "auth required pam_deny.so\n"},
               {"/etc/pam.d/login", "account required pam_unix.so\n"}};
  EXPECT_EQ(modules_of(stack_of(host, "ftp", PamType::kAuth)), "pam_deny");
  EXPECT_EQ(modules_of(stack_of(host, "login", PamType::kAuth)), "pam_deny");
}

TEST(PamStack, ReadsPamConfOnlyWithoutAFolder) {
  MapHost host{{"/etc/pam.conf", "login auth required pam_a.so\nother auth required pam_b.so\n"}};
  EXPECT_EQ(modules_of(stack_of(host, "login", PamType::kAuth)), "pam_a");
  EXPECT_EQ(modules_of(stack_of(host, "ftp", PamType::kAuth)), "pam_b");
  host.with_file("/etc/pam.d/login", "auth required pam_c.so\n");
  EXPECT_EQ(modules_of(stack_of(host, "login", PamType::kAuth)), "pam_c");
}

TEST(PamStack, SaysThatThereIsNoPam) {
  MapHost host{{"/etc/passwd", ""}};
  const auto stack = stack_of(host, "login", PamType::kAuth);
  ASSERT_FALSE(stack.has_value());
  EXPECT_EQ(stack.error().code(), Code::kNotFound);
}

TEST(PamStack, NamesTheChainOfAnIncludeLoop) {
  MapHost host{{"/etc/pam.d/login", "auth include a\n"},
               {"/etc/pam.d/a", "#\n@include b\n"},
               {"/etc/pam.d/b", "auth substack a\n"}};
  const auto stack = stack_of(host, "login", PamType::kAuth);
  ASSERT_FALSE(stack.has_value());
  EXPECT_EQ(stack.error().code(), Code::kInvalidData);
  EXPECT_EQ(stack.error().message(),
            "PAM include loop: /etc/pam.d/login:1 -> /etc/pam.d/a:2 -> /etc/pam.d/b:1 -> "
            "/etc/pam.d/a");
}

TEST(PamStack, RefusesIncludesDeeperThanLibpamDoes) {
  MapHost host;
  for (int i = 0; i < 40; ++i) {
    host.with_file("/etc/pam.d/s" + std::to_string(i),
                   "auth include s" + std::to_string(i + 1) + "\n");
  }
  const auto stack = stack_of(host, "s0", PamType::kAuth);
  ASSERT_FALSE(stack.has_value());
  EXPECT_EQ(stack.error().code(), Code::kTooLarge);
}

TEST(PamStack, RefusesIncludesThatMultiply) {
  MapHost host;
  for (int i = 0; i < 20; ++i) {
    const auto line = "auth include s" + std::to_string(i + 1) + "\n";
    host.with_file("/etc/pam.d/s" + std::to_string(i), line + line + line + line);
  }
  const auto stack = stack_of(host, "s0", PamType::kAuth);
  ASSERT_FALSE(stack.has_value());
  EXPECT_EQ(stack.error().code(), Code::kTooLarge);
}

TEST(PamStack, PutsAFailureInPlaceOfAMissingInclude) {
  MapHost host{{"/etc/pam.d/login", "auth include nowhere\nauth required pam_a.so\n"}};
  EXPECT_EQ(modules_of(stack_of(host, "login", PamType::kAuth)), "! pam_a");
}

TEST(PamStack, StopsAtAnIncludeThatMayNotBeRead) {
  MapHost host{{"/etc/pam.d/login", "auth include secret\n"}};
  host.failing("/etc/pam.d/secret", Code::kPermissionDenied);
  const auto stack = stack_of(host, "login", PamType::kAuth);
  ASSERT_FALSE(stack.has_value());
  EXPECT_EQ(stack.error().code(), Code::kPermissionDenied);
}

// The modules that run when those whose name begins with "pam_no" fail.
std::string run_of(std::string text, bool expect_granted) {
  MapHost host{{"/etc/pam.d/s", std::move(text)},
               {"/etc/pam.d/sub", "auth sufficient pam_yes1.so\nauth required pam_no1.so\n"}};
  const auto stack = stack_of(host, "s", PamType::kAuth);
  const auto result = walk(*stack, [&](std::size_t i) {
    return (*stack)[i].module.starts_with("pam_no") ? PamResult::kAuthErr : PamResult::kSuccess;
  });
  EXPECT_EQ(result.is_granted, expect_granted);
  std::string names;
  for (const auto i : result.called) names += (*stack)[i].module.substr(4) + " ";
  return names;
}

TEST(PamWalk, RequiredFailsAtTheEndAndRequisiteAtOnce) {
  EXPECT_EQ(run_of("auth required pam_no.so\nauth required pam_yes.so\n", false), "no yes ");
  EXPECT_EQ(run_of("auth requisite pam_no.so\nauth required pam_yes.so\n", false), "no ");
}

TEST(PamWalk, SufficientEndsTheStackUnlessSomethingFailedBefore) {
  EXPECT_EQ(run_of("auth sufficient pam_yes.so\nauth required pam_no.so\n", true), "yes ");
  EXPECT_EQ(run_of("auth required pam_no.so\nauth sufficient pam_yes.so\nauth required pam_z.so\n",
                   false),
            "no yes z ");
}

TEST(PamWalk, JumpsOverModulesAndWholeSubstacks) {
  EXPECT_EQ(run_of("auth [success=1 default=ignore] pam_yes.so\nauth requisite pam_no.so\n"
                   "auth required pam_end.so\n",
                   true),
            "yes end ");
  EXPECT_EQ(run_of("auth [success=1 default=ignore] pam_yes.so\nauth substack sub\n"
                   "auth required pam_end.so\n",
                   true),
            "yes end ");
}

TEST(PamWalk, DoneInsideASubstackOnlyEndsTheSubstack) {
  EXPECT_EQ(run_of("auth substack sub\nauth required pam_end.so\n", true), "yes1 end ");
  EXPECT_EQ(run_of("auth include sub\nauth required pam_end.so\n", true), "yes1 ");
}

TEST(PamWalk, AJumpPastTheEndFails) {
  EXPECT_EQ(run_of("auth [success=3 default=ignore] pam_yes.so\nauth required pam_z.so\n", false),
            "yes ");
}

}  // namespace
}  // namespace assay::agent
