#include "agent/probes/linux/software/bytes/byte_source.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

// Bytes of which each tells where it stands.
std::string counted(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
  return bytes;
}

TEST(ByteSourceTest, AFileIsTheSameThroughItsWindows) {
  const auto bytes = counted(3'000'000);
  MemoryHost host;
  host.files = {{"/f", bytes}};
  HostBytes file(host, "/f", bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += 4099)
    for (const auto offset : {at, bytes.size() - 1 - at, at * 31 % bytes.size()}) {
      const auto length = std::min<std::size_t>(5000, bytes.size() - offset);
      EXPECT_EQ(file.at(offset, length), std::string_view(bytes).substr(offset, length));
    }
}

TEST(ByteSourceTest, NothingIsReadBehindTheEnd) {
  MemoryBytes bytes("abc");
  EXPECT_EQ(bytes.at(1, 2), "bc");
  EXPECT_FALSE(bytes.at(1, 3).has_value());
  EXPECT_FALSE(bytes.at(~std::uint64_t{0}, 2).has_value());
}

TEST(ByteSourceTest, APartHasTheEndsOfItsOwn) {
  MemoryBytes whole("abcdef");
  PartOfBytes part(whole, 2, 3);
  EXPECT_EQ(part.at(0, 3), "cde");
  EXPECT_FALSE(part.at(0, 4).has_value());
  EXPECT_FALSE(part.at(3, 1).has_value());
}

TEST(ByteSourceTest, AFileThatShrankIsAnError) {
  MemoryHost host;
  host.files = {{"/f", "short"}};
  HostBytes file(host, "/f", 100);
  EXPECT_EQ(file.at(0, 50).error().code(), Code::kInvalidData);
}

}  // namespace
}  // namespace assay::agent
