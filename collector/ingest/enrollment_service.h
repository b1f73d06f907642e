// The Enrollment service of enrollment.proto: tokens become certificates, certificates newer ones.
#pragma once

#include <functional>
#include <string>

#include "assay/v1/enrollment.grpc.pb.h"
#include "collector/identity/authority.h"
#include "collector/identity/gate.h"
#include "collector/ingest/worker_pool.h"

namespace assay::collector {

class EnrollmentService final : public v1::Enrollment::CallbackService {
 public:
  // All must outlive the service and its calls.
  EnrollmentService(Store& store, const Authority& authority, Gate& gate, WorkerPool& pool,
                    std::function<evidence::Seconds()> now)
      : store_(store), authority_(authority), gate_(gate), pool_(pool), now_(std::move(now)) {}

 private:
  grpc::ServerUnaryReactor* Enroll(grpc::CallbackServerContext* context,
                                   const v1::EnrollRequest* request,
                                   v1::EnrollResponse* response) override;
  grpc::ServerUnaryReactor* Renew(grpc::CallbackServerContext* context,
                                  const v1::RenewRequest* request,
                                  v1::RenewResponse* response) override;

  Status enroll(const v1::EnrollRequest& request, v1::EnrollResponse& response);
  Status renew(const std::string& certificate, const v1::RenewRequest& request,
               v1::RenewResponse& response);
  Result<Certificate> issue(const std::string& signing_request, const std::string& host_id);

  Store& store_;
  const Authority& authority_;
  Gate& gate_;
  WorkerPool& pool_;
  std::function<evidence::Seconds()> now_;
};

}  // namespace assay::collector
