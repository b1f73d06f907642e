// Text as bzip2 packs it.
#pragma once

#include <bzlib.h>
#include <gtest/gtest.h>

#include <string>

namespace assay::agent {

inline std::string bzip2(std::string text) {
  std::string out(text.size() + text.size() / 100 + 600, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, text.data(),
                                     static_cast<unsigned>(text.size()), 9, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

}  // namespace assay::agent
