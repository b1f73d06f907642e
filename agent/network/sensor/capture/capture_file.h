// A file of captured frames, pcap or pcapng, read from its beginning to its end.
//
//   auto file = CaptureFile::open("lan.pcap");
//   Record record;
//   while (file->next(&record) == Next::kRecord) …
//
// Not for several threads.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "agent/network/sensor/capture/byte_source.h"
#include "agent/network/sensor/capture/pcap_reader.h"
#include "agent/network/sensor/capture/pcapng_reader.h"
#include "agent/network/sensor/capture/record.h"
#include "evidence/result.h"

namespace assay::agent::sensor {

class CaptureFile {
 public:
  // kInvalidData when the file does not begin as a capture does.
  [[nodiscard]] static Result<CaptureFile> open(const std::string& path);
  [[nodiscard]] static Result<CaptureFile> over(Bytes bytes);
  // Of a source that is open already; `name` is for the error.
  [[nodiscard]] static Result<CaptureFile> begin(ByteSource source, const std::string& name);

  [[nodiscard]] Next next(Record* record) {
    if (auto* pcap = std::get_if<PcapReader>(&reader_)) return pcap->next(source_, record);
    return std::get<PcapngReader>(reader_).next(source_, record);
  }
  // After Next::kBroken: what is wrong, and where.
  [[nodiscard]] Error problem() const;
  // Frames that the capturing program says it lost; 0 where the format cannot tell.
  [[nodiscard]] std::uint64_t lost_by_capture() const;

 private:
  using Reader = std::variant<PcapReader, PcapngReader>;
  CaptureFile(ByteSource source, Reader reader)
      : source_(std::move(source)), reader_(std::move(reader)) {}

  ByteSource source_;
  Reader reader_;
};

}  // namespace assay::agent::sensor
