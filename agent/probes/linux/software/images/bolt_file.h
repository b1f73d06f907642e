// A database file of bbolt, as containerd and others keep their metadata: a
// tree of pages with keys and values, where a value can be a bucket, a tree of
// its own. Little-endian, as on every machine that we run on.
//
// Read without locking it. The pages of one transaction are never written over
// by the next one, but by the one after that: a reader compares generation()
// before and after. Used by one thread at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/software/bytes/byte_source.h"

namespace assay::agent {

class BoltFile {
 public:
  // Where a bucket's tree begins; small buckets lie within the value that they are.
  struct Bucket {
    std::uint64_t root = 0;  // page; 0: `inline_page`
    std::string inline_page;
  };
  struct Item {
    std::string_view key;
    std::string_view value;  // of a bucket: for bucket_of()
    bool is_bucket = false;
  };
  using Visitor = std::function<Status(const Item& item)>;

  // `file` must outlive this. kInvalidData when it is no such file.
  [[nodiscard]] static Result<BoltFile> open(ByteSource& file);

  [[nodiscard]] const Bucket& top() const { return top_; }
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

  // Shows the items in the order of their keys. Every page may be met once in the life of this
  // object, so a circle of pages is an error and the work is bounded by the file.
  [[nodiscard]] Status visit(const Bucket& bucket, const Visitor& visitor);

  [[nodiscard]] static Result<Bucket> bucket_of(const Item& item);

 private:
  explicit BoltFile(ByteSource& file) : file_(&file) {}
  [[nodiscard]] bool read_meta(std::uint64_t offset);
  [[nodiscard]] Status visit_page(std::uint64_t number, int depth, const Visitor& visitor);
  [[nodiscard]] Status visit_bytes(std::string_view page, int depth, const Visitor& visitor);

  ByteSource* file_;
  Bucket top_;
  std::uint64_t generation_ = 0;
  std::uint64_t page_bytes_ = 0;
  std::vector<bool> met_;
};

}  // namespace assay::agent
