#include "agent/courier/event_queue.h"

#include <sys/eventfd.h>

namespace assay::agent {

namespace {
// More than any honest collector has to say between two turns of the loop.
constexpr std::size_t kMaxEvents = 64;
}  // namespace

EventQueue::EventQueue() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void EventQueue::push(Event event) {
  {
    const std::scoped_lock lock(mutex_);
    // An instruction too many is dropped: each replaces or repeats those before it.
    if (events_.size() >= kMaxEvents && std::holds_alternative<v1::Instruction>(event)) return;
    events_.push_back(std::move(event));
  }
  (void)::eventfd_write(wake_.number(), 1);  // fails only when the loop has not yet woken up
}

std::vector<Event> EventQueue::take() {
  eventfd_t count = 0;
  (void)::eventfd_read(wake_.number(), &count);  // nothing to read is no failure
  const std::scoped_lock lock(mutex_);
  return std::exchange(events_, {});
}

}  // namespace assay::agent
