#include "collector/main/grpc_log.h"

#include <grpc/support/log.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdint>
#include <mutex>

namespace assay::collector {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kMostLines = 20;
constexpr std::chrono::seconds kWindow{10};

void take(gpr_log_func_args* line) {
  static std::mutex mutex;
  static Clock::time_point begun = Clock::now();
  static std::int64_t lines = 0;
  std::int64_t left_out = 0;
  bool is_shown = false;
  {
    const std::lock_guard lock(mutex);
    if (const auto now = Clock::now(); now - begun >= kWindow) {
      left_out = lines - kMostLines;
      begun = now;
      lines = 0;
    }
    is_shown = ++lines <= kMostLines;
  }
  if (left_out > 0) spdlog::warn("gRPC: {} lines like those before were left out", left_out);
  if (!is_shown) return;
  const auto level = line->severity == GPR_LOG_SEVERITY_ERROR  ? spdlog::level::err
                     : line->severity == GPR_LOG_SEVERITY_INFO ? spdlog::level::info
                                                               : spdlog::level::debug;
  spdlog::log(level, "gRPC: {}", line->message);
}

}  // namespace

void bound_grpc_log() {
  gpr_set_log_function(&take);
}

}  // namespace assay::collector
