// Which hosts have streams open, so that a revoked host's end at once, and no host has too many.
//
// Safe from any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "collector/ingest/stream.h"

namespace assay::collector {

class OpenStreams {
 public:
  static constexpr std::size_t kMaxPerHost = 8;

  // False when the host has kMaxPerHost open already.
  [[nodiscard]] bool add(const std::string& host_id, const std::shared_ptr<OpenStream>& stream);
  void remove(const std::string& host_id, const OpenStream* stream);
  void end_host(const std::string& host_id, const grpc::Status& status);
  void end_all(const grpc::Status& status);
  void end_stalled(std::chrono::milliseconds limit);
  [[nodiscard]] std::size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::multimap<std::string, std::shared_ptr<OpenStream>> streams_;
};

}  // namespace assay::collector
