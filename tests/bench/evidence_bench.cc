// What evidence costs for a package inventory of 2,500 rows and 12 columns: a large server's.
#include <benchmark/benchmark.h>

#include <string>

#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/digest.h"
#include "evidence/limits.h"

namespace assay::evidence {
namespace {

constexpr std::int64_t kRows = 2500;

Table inventory() {
  Header header{"deb_packages", 1, {}};
  for (const char* name : {"name", "version", "source", "arch", "revision", "status", "maintainer",
                           "section", "priority", "admindir", "purl"})
    header.columns.push_back({name, Type::kText});
  header.columns.push_back({"size", Type::kInteger});
  Table table(std::move(header));
  for (std::int64_t i = 0; i < kRows; ++i) {
    const std::string number = std::to_string(i * 7919 % kRows);
    table.add_row({"libexample-" + number + "-dev", "1:2.36-9+deb12u" + number, "example-" + number,
                   "amd64", "9+deb12u" + number, "install ok installed",
                   "Example Maintainers <maintainers-" + number + "@example.org>", "libdevel",
                   "optional", "/var/lib/dpkg",
                   "pkg:deb/debian/libexample-" + number + "-dev@1:2.36-9%2Bdeb12u" + number +
                       "?arch=amd64&distro=debian-12",
                   i * 1024});
  }
  return table;
}

const Table& table() {
  static const Table kTable = inventory();
  return kTable;
}

const std::string& canonical() {
  static const std::string kBytes = to_canonical(table()).value();
  return kBytes;
}

void count(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(canonical().size()));
  state.counters["table_bytes"] = static_cast<double>(canonical().size());
}

void BM_ToCanonical(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(to_canonical(table()));
  count(state);
}
BENCHMARK(BM_ToCanonical);

void BM_FromCanonical(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(from_canonical(canonical()));
  count(state);
}
BENCHMARK(BM_FromCanonical);

void BM_Sha256(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(sha256(canonical()));
  count(state);
}
BENCHMARK(BM_Sha256);

void BM_Sha256OfAShortText(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(sha256("short"));
}
BENCHMARK(BM_Sha256OfAShortText);

void BM_Compress(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(compress(canonical()));
  count(state);
}
BENCHMARK(BM_Compress);

void BM_Decompress(benchmark::State& state) {
  const std::string frame = compress(canonical()).value();
  for (auto _ : state) benchmark::DoNotOptimize(decompress(frame, kMaxTableBytes));
  count(state);
}
BENCHMARK(BM_Decompress);

}  // namespace
}  // namespace assay::evidence
