#include "evidence/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>

namespace assay {
namespace {

TEST(Result, EveryCodeHasItsOwnName) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code)
    names.insert(name_of(static_cast<Code>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Code::kInternal) + 1);
}

TEST(Result, ContextGoesInFrontAndTheCodeStays) {
  const Error error = Error(Code::kTooLarge, "over 64 MiB").within("users");
  EXPECT_EQ(error.code(), Code::kTooLarge);
  EXPECT_EQ(error.message(), "users: over 64 MiB");
}

TEST(Result, AnErrnoBecomesACodeAndItsWords) {
  EXPECT_EQ(system_error(ENOENT, "x").code(), Code::kNotFound);
  EXPECT_EQ(system_error(EACCES, "x").code(), Code::kPermissionDenied);
  EXPECT_EQ(system_error(ENOSPC, "x").code(), Code::kNoSpace);
  EXPECT_EQ(system_error(EBADF, "x").code(), Code::kIo);
  EXPECT_EQ(system_error(ENOENT, "reading /x").message(), "reading /x: No such file or directory");
}

}  // namespace
}  // namespace assay
