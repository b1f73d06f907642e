// The courier's loop: stay connected, upload what waits, hear the few things that a
// collector may say, renew the certificate, and say what is wrong.
//
// One thread runs it; it sleeps in poll() and wakes up for an event, a beat a
// minute, or the next attempt.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "agent/courier/attendance.h"
#include "agent/courier/back_off.h"
#include "agent/courier/courier_status.h"
#include "agent/courier/event_queue.h"
#include "agent/courier/upload.h"
#include "agent/identity/identity.h"
#include "agent/settings/collector_settings.h"
#include "agent/state/state_folder.h"

namespace assay::agent {

struct CourierOptions {
  StateFolder state;
  std::string collector;  // HOST:PORT instead of the enrolled one; empty: that one
  int control = -1;       // the socket to the agent's process; -1: none
  int stop = -1;          // readable when it is time to end (a signalfd)
  std::string user;
  std::string warning;
};

// Uploads what waits and ends. The report also of a submission that broke off.
[[nodiscard]] Status upload_once(const CourierOptions& options);

class Courier {
 public:
  explicit Courier(CourierOptions options);

  // Until `stop` is readable or the agent's process has closed `control`.
  void run();

 private:
  using Clock = std::chrono::steady_clock;

  void connect();
  void disconnect();
  void fail_connection(const Error& why,
                       std::chrono::seconds retry_after = std::chrono::seconds(0));
  void act_on_time();
  void wait();
  void hear_agent();
  void hear(Connected);
  void hear(const Disconnected& event);
  void hear(const v1::Instruction& instruction);
  void hear(const UploadEnded& event);
  void configure(const v1::Configuration& wish);
  void start_upload();
  void renew_certificate();
  [[nodiscard]] v1::Beat beat() const;
  void tell_agent(char byte) const;
  void note(const Error& error);
  void publish();

  CourierOptions options_;
  EventQueue events_;
  BackOff back_off_;
  BackOff upload_back_off_;
  CourierStatus status_;
  CollectorSettings configuration_;
  std::string published_;

  std::optional<Identity> identity_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Attendance> attendance_;
  std::unique_ptr<Upload> upload_;
  bool is_stopping_ = false;
  bool upload_is_due_ = false;

  Clock::time_point connect_at_ = Clock::now();
  Clock::time_point connected_since_;
  Clock::time_point beat_at_ = Clock::time_point::max();
  Clock::time_point upload_at_ = Clock::time_point::max();
  Clock::time_point upload_held_until_ = Clock::time_point::min();  // as the collector asked
  Clock::time_point renew_at_ = Clock::time_point::max();
};

}  // namespace assay::agent
