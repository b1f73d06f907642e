// "Has anything changed?": the CPU of one rescan by the resident scanner, every probe included,
// when nothing has changed. Prints the median in microseconds.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "agent/host/live_host.h"
#include "agent/scan/resident_scanner.h"

namespace {

double cpu_microseconds() {
  rusage usage{};
  (void)getrusage(RUSAGE_SELF, &usage);  // cannot fail for RUSAGE_SELF
  const auto sum = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec);
  };
  return sum(usage.ru_utime) + sum(usage.ru_stime);
}

}  // namespace

int main() {
  constexpr int kRounds = 50;
  constexpr int kScansPerRound = 20;
  assay::agent::LiveHost host;
  assay::agent::ResidentScanner scanner(host);
  (void)scanner.scan();  // the first one looks at everything
  std::vector<double> figures;
  std::int64_t probes = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double before = cpu_microseconds();
    for (int i = 0; i < kScansPerRound; ++i) {
      (void)scanner.scan();  // only its cost is of interest
      probes += scanner.probes_run();
    }
    figures.push_back((cpu_microseconds() - before) / kScansPerRound);
  }
  std::ranges::sort(figures);
  std::printf("rescan: %.0f us of CPU (median of %d), probes run again: %.2f a scan\n",
              figures[figures.size() / 2], kRounds,
              static_cast<double>(probes) / (kRounds * kScansPerRound));
  return 0;
}
