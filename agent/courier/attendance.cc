#include "agent/courier/attendance.h"

#include "agent/courier/channel.h"

namespace assay::agent {

Attendance::Attendance(std::shared_ptr<grpc::Channel> channel, const v1::Beat& first,
                       EventQueue* events)
    : events_(events),
      stub_(v1::Attendance::NewStub(std::move(channel))),
      stream_(stub_->Attend(&context_)),
      thread_([this, first] { attend(first); }) {}

Attendance::~Attendance() {
  context_.TryCancel();
  thread_.join();
}

void Attendance::beat(const v1::Beat& beat) {
  // False when the stream has ended: then the reading thread is about to say so.
  (void)stream_->Write(beat);
}

void Attendance::attend(const v1::Beat& first) {
  // The first write returns when there is a connection, or none is to be had.
  if (stream_->Write(first)) {
    events_->push(Connected{});
    for (v1::Instruction instruction; stream_->Read(&instruction);) events_->push(instruction);
  }
  const auto status = stream_->Finish();
  events_->push(Disconnected{status.ok()
                                 ? Error(Code::kUnavailable, "the collector ended the connection")
                                 : error_of(status),
                             retry_after_of(context_)});
}

}  // namespace assay::agent
