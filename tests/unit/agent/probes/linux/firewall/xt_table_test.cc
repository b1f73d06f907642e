#include "agent/probes/linux/firewall/xt_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/unit/source_file.h"

namespace assay::agent {
namespace {

// The kernel's own answer for the table that tests/fuzz/corpus/legacy_table/README.md tells of.
LegacyTable filter_table() {
  std::ifstream file(source_file("tests/fuzz/corpus/legacy_table/input_and_a_chain"),
                     std::ios::binary);
  const std::string seed((std::istreambuf_iterator<char>(file)), {});
  return {.family = 2,
          .name = "filter",
          .valid_hooks = 14,
          .hook_entry = {0, 0, 896, 1048, 0},
          .entry_count = 9,
          .entries = seed.size() > 13 ? seed.substr(13) : ""};
}

std::size_t rules_of(const FilterTable& table) {
  std::size_t count = 0;
  for (const auto& chain : table.chains) count += chain.rules.size();
  return count;
}

TEST(XtTableTest, ReadsWhatTheKernelGives) {
  const auto table = *parse_legacy_table(filter_table());
  const auto* input = table.chain("INPUT");
  ASSERT_NE(input, nullptr);
  EXPECT_EQ(input->policy, Action::kDrop);
  ASSERT_EQ(input->rules.size(), 2U);
  EXPECT_EQ(input->rules[0].when.in[0].names[0], "eth*");
  EXPECT_EQ(input->rules[0].when.destination_ports, NumberSet(22, 22).plus(NumberSet(80, 90)));
  EXPECT_EQ(input->rules[0].target, "own");
  EXPECT_EQ(input->rules[1].action, Action::kReject);
  EXPECT_TRUE(input->rules[1].when.is_limited);
  const auto* own = table.chain("own");
  ASSERT_NE(own, nullptr);
  EXPECT_EQ(own->rules.at(0).when.states, kStateNew);
}

TEST(XtTableTest, EntriesThatAreCutAreRefused) {
  for (std::size_t size = 1; size < filter_table().entries.size(); size += 7) {
    auto table = filter_table();
    table.entries.resize(size);
    EXPECT_EQ(parse_legacy_table(table).error().code(), Code::kInvalidData) << size;
  }
}

TEST(XtTableTest, NoByteCanMakeItReadBeyond) {
  for (std::size_t at = 0; at < filter_table().entries.size(); ++at) {
    auto table = filter_table();
    table.entries[at] = static_cast<char>(table.entries[at] ^ 0x81);
    const auto parsed = parse_legacy_table(table);  // either is right; sanitizers watch
    EXPECT_TRUE(parsed ? rules_of(*parsed) <= table.entry_count
                       : parsed.error().code() == Code::kInvalidData)
        << at;
  }
}

}  // namespace
}  // namespace assay::agent
