#include "collector/ingest/open_streams.h"

namespace assay::collector {

bool OpenStreams::add(const std::string& host_id, const std::shared_ptr<OpenStream>& stream) {
  const std::lock_guard lock(mutex_);
  if (streams_.count(host_id) >= kMaxPerHost) return false;
  streams_.emplace(host_id, stream);
  return true;
}

void OpenStreams::remove(const std::string& host_id, const OpenStream* stream) {
  std::shared_ptr<OpenStream> last;  // ends after the lock
  const std::lock_guard lock(mutex_);
  const auto [begin, end] = streams_.equal_range(host_id);
  for (auto each = begin; each != end; ++each) {
    if (each->second.get() != stream) continue;
    last = std::move(each->second);
    streams_.erase(each);
    return;
  }
}

void OpenStreams::end_host(const std::string& host_id, const grpc::Status& status) {
  std::vector<std::shared_ptr<OpenStream>> found;
  {
    const std::lock_guard lock(mutex_);
    const auto [begin, end] = streams_.equal_range(host_id);
    for (auto each = begin; each != end; ++each) found.push_back(each->second);
  }
  for (const auto& stream : found) stream->end(status);
}

void OpenStreams::end_stalled(std::chrono::milliseconds limit) {
  std::vector<std::shared_ptr<OpenStream>> stalled;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [host_id, stream] : streams_)
      if (stream->silence() > limit) stalled.push_back(stream);
  }
  for (const auto& stream : stalled)
    stream->end(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "nothing came for too long"));
}

std::size_t OpenStreams::size() const {
  const std::lock_guard lock(mutex_);
  return streams_.size();
}

void OpenStreams::end_all(const grpc::Status& status) {
  std::vector<std::shared_ptr<OpenStream>> found;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [host_id, stream] : streams_) found.push_back(stream);
  }
  for (const auto& stream : found) stream->end(status);
}

}  // namespace assay::collector
