#include "collector/log/log_fields.h"

namespace assay::collector {
namespace {

thread_local const LogFields* innermost = nullptr;

}  // namespace

LogFields::LogFields(std::initializer_list<Field> fields)
    : fields_(fields), outer_(std::exchange(innermost, this)) {}

LogFields::~LogFields() {
  innermost = outer_;
}

const std::vector<LogFields::Field>* LogFields::current() {
  return innermost == nullptr ? nullptr : &innermost->fields_;
}

}  // namespace assay::collector
