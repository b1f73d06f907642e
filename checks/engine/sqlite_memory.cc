#include "checks/engine/sqlite_memory.h"

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace assay::checks {

namespace {

// Before each piece stands how many bytes SQLite may use of it: it asks for that.
struct Head {
  std::size_t size;
};

struct Piece {
  Piece* next;
};

constexpr std::size_t kStep = 32;             // sizes are multiples of this
constexpr std::size_t kMostSize = 1024;       // larger ones are not kept
constexpr std::size_t kMostKept = 2U << 20U;  // bytes of a thread

void* payload_of(Head* head) {
  return head + 1;
}
Head* head_of(void* payload) {
  return static_cast<Head*>(payload) - 1;
}

// A thread that ends may give back pieces after its lists are gone.
thread_local bool has_ended = false;

class Lists {
 public:
  Lists() = default;
  Lists(const Lists&) = delete;
  Lists& operator=(const Lists&) = delete;
  ~Lists() {
    has_ended = true;
    for (auto* first : lists_)
      while (first != nullptr) {
        auto* next = first->next;
        std::free(head_of(first));
        first = next;
      }
  }

  void* take(std::size_t size) {
    auto& first = list_of(size);
    if (first == nullptr) return nullptr;
    void* piece = first;
    first = first->next;
    kept_ -= size;
    return piece;
  }

  bool keep(void* payload, std::size_t size) {
    if (kept_ + size > kMostKept) return false;
    auto& first = list_of(size);
    first = new (payload) Piece{first};
    kept_ += size;
    return true;
  }

 private:
  Piece*& list_of(std::size_t size) { return lists_[size / kStep - 1]; }

  std::array<Piece*, kMostSize / kStep> lists_{};
  std::size_t kept_ = 0;
};

thread_local Lists lists;

std::size_t rounded(std::size_t bytes) {
  return (bytes + kStep - 1) / kStep * kStep;
}

void* allocate(int bytes) {
  const auto size = rounded(static_cast<std::size_t>(bytes));
  if (size <= kMostSize && !has_ended)
    if (auto* piece = lists.take(size)) return piece;
  auto* head = static_cast<Head*>(std::malloc(sizeof(Head) + size));
  if (head == nullptr) return nullptr;
  head->size = size;
  return payload_of(head);
}

void release(void* payload) {
  if (payload == nullptr) return;
  auto* head = head_of(payload);
  if (head->size <= kMostSize && !has_ended && lists.keep(payload, head->size)) return;
  std::free(head);
}

void* reallocate(void* payload, int bytes) {
  auto* head = head_of(payload);
  const auto size = rounded(static_cast<std::size_t>(bytes));
  if (size <= kMostSize && head->size >= size) return payload;
  if (head->size > kMostSize && size > kMostSize) {
    auto* moved = static_cast<Head*>(std::realloc(head, sizeof(Head) + size));
    if (moved == nullptr) return nullptr;
    moved->size = size;
    return payload_of(moved);
  }
  void* other = allocate(bytes);
  if (other == nullptr) return nullptr;
  std::memcpy(other, payload, head->size < size ? head->size : size);
  release(payload);
  return other;
}

int size_of(void* payload) {
  return static_cast<int>(head_of(payload)->size);
}
int round_up(int bytes) {
  return static_cast<int>(rounded(static_cast<std::size_t>(bytes)));
}
int begin(void*) {
  return SQLITE_OK;
}
void end(void*) {}

}  // namespace

bool pool_sqlite_memory() {
  static const bool is_used = [] {
    static const sqlite3_mem_methods kMethods{allocate, release, reallocate, size_of,
                                              round_up, begin,   end,        nullptr};
    // Nobody asks SQLite how much memory it uses, and counting takes a lock for each piece.
    if (sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK) return false;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &kMethods) == SQLITE_OK;
  }();
  return is_used;
}

}  // namespace assay::checks
