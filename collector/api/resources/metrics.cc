// /metrics: the collector's figures for Prometheus. Behind a token like everything else: they tell
// how large the company is and when nobody looks.
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "collector/api/service.h"

namespace assay::collector::api {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

constexpr const char* kTextFormat = "text/plain; version=0.0.4; charset=utf-8";

ClientMetric metric(MetricType type, double value) {
  ClientMetric out;
  if (type == MetricType::Counter)
    out.counter.value = value;
  else
    out.gauge.value = value;
  return out;
}

MetricFamily family(std::string_view name, std::string_view help, MetricType type) {
  MetricFamily out;
  out.name = std::string(name);
  out.help = std::string(help);
  out.type = type;
  return out;
}

MetricFamily single(std::string_view name, std::string_view help, MetricType type, double value) {
  auto out = family(name, help, type);
  out.metric.push_back(metric(type, value));
  return out;
}

void add_store(const Meter& meter, std::vector<MetricFamily>* families) {
  auto calls = family("assay_store_calls_total", "Calls of the store.", MetricType::Counter);
  auto failures =
      family("assay_store_failures_total", "Calls of the store that failed.", MetricType::Counter);
  auto seconds = family("assay_store_seconds_total", "Time that calls of the store took.",
                        MetricType::Counter);
  for (const auto& [operation, counts] : meter.counts()) {
    const std::pair<MetricFamily*, double> values[] = {
        {&calls, static_cast<double>(counts.calls)},
        {&failures, static_cast<double>(counts.failures)},
        {&seconds, std::chrono::duration<double>(counts.time).count()}};
    for (const auto& [to, value] : values) {
      auto each = metric(MetricType::Counter, value);
      each.label = {{"operation", std::string(operation)}};
      to->metric.push_back(std::move(each));
    }
  }
  for (auto* each : {&calls, &failures, &seconds}) families->push_back(std::move(*each));
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// Under the names that every exporter has for them; what cannot be read is left out.
void add_process(std::vector<MetricFamily>* families) {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    families->push_back(single("process_cpu_seconds_total", "User and system time.",
                               MetricType::Counter,
                               seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime)));
  }
  std::ifstream memory("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  if (memory >> size >> resident) {
    families->push_back(single("process_resident_memory_bytes", "Resident memory.",
                               MetricType::Gauge,
                               static_cast<double>(resident * ::sysconf(_SC_PAGESIZE))));
  }
  std::error_code error;
  std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (!error) {
    families->push_back(single(
        "process_open_fds", "Open file descriptors.", MetricType::Gauge,
        static_cast<double>(std::distance(begin(files), std::filesystem::directory_iterator()))));
  }
}

}  // namespace

void add_metrics(Router& router, const Service& service) {
  router.get("/metrics", {}, [&service](const ApiRequest&) -> Result<ApiResponse> {
    std::vector<MetricFamily> families;
    auto build = family("assay_build_info", "Always 1; the version is a label.", MetricType::Gauge);
    build.metric.push_back(metric(MetricType::Gauge, 1));
    build.metric.back().label = {{"version", ASSAY_VERSION}};
    families.push_back(std::move(build));
    if (service.figures) {
      for (const auto& figure : service.figures()) {
        families.push_back(single(figure.name, figure.help,
                                  figure.is_counter ? MetricType::Counter : MetricType::Gauge,
                                  figure.value));
      }
    }
    add_store(service.store.meter(), &families);
    add_process(&families);
    ApiResponse response;
    response.content_type = kTextFormat;
    response.body = prometheus::TextSerializer().Serialize(families);
    return response;
  });
}

}  // namespace assay::collector::api
