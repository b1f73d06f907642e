// The long-lived stream by which the collector knows that we are here. A thread
// of its own reads; beats are written by the owner. Events: Connected once, Instruction any
// number of times, Disconnected once at the end. Destroying it cancels and waits.
#pragma once

#include <grpcpp/grpcpp.h>

#include <thread>

#include "agent/courier/event_queue.h"
#include "assay/v1/attendance.grpc.pb.h"

namespace assay::agent {

class Attendance {
 public:
  Attendance(std::shared_ptr<grpc::Channel> channel, const v1::Beat& first, EventQueue* events);
  Attendance(const Attendance&) = delete;
  Attendance& operator=(const Attendance&) = delete;
  ~Attendance();

  // Only after Connected. A failure is told by Disconnected.
  void beat(const v1::Beat& beat);

 private:
  void attend(const v1::Beat& first);

  EventQueue* events_;
  std::unique_ptr<v1::Attendance::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::Beat, v1::Instruction>> stream_;
  std::thread thread_;
};

}  // namespace assay::agent
