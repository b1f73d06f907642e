#include "agent/network/sensor/capture/capture_file.h"

namespace assay::agent::sensor {

Result<CaptureFile> CaptureFile::open(const std::string& path) {
  auto source = ByteSource::open(path);
  if (!source) return fail(source.error());
  return begin(std::move(*source), path == "-" ? "standard input" : path);
}

Result<CaptureFile> CaptureFile::over(Bytes bytes) {
  return begin(ByteSource::over(bytes), "the capture");
}

Result<CaptureFile> CaptureFile::begin(ByteSource source, const std::string& name) {
  if (auto pcap = PcapReader::begin(source)) return CaptureFile(std::move(source), *pcap);
  if (PcapngReader::is_at_start(source)) return CaptureFile(std::move(source), PcapngReader());
  if (!source.failure()) return fail(source.failure().error().within(name));
  return fail(Code::kInvalidData, name + ": neither a pcap nor a pcapng file");
}

Error CaptureFile::problem() const {
  if (!source_.failure()) return source_.failure().error();
  const auto* what = std::holds_alternative<PcapReader>(reader_)
                         ? std::get<PcapReader>(reader_).problem()
                         : std::get<PcapngReader>(reader_).problem();
  return {Code::kInvalidData, "byte " + std::to_string(source_.offset()) + ": " + what};
}

std::uint64_t CaptureFile::lost_by_capture() const {
  const auto* pcapng = std::get_if<PcapngReader>(&reader_);
  return pcapng == nullptr ? 0 : pcapng->lost_by_capture();
}

}  // namespace assay::agent::sensor
