#include "collector/store/postgres/cursor.h"

#include <libpq-fe.h>

#include "collector/store/postgres/connection.h"

namespace assay::collector::postgres {
namespace {

unsigned type_of(sql::Type type) {
  switch (type) {
    case sql::Type::kInteger: return kInt8;
    case sql::Type::kBoolean: return kBool;
    case sql::Type::kText: return kText;
    case sql::Type::kBytes: return kBytea;
  }
  return kText;
}

}  // namespace

void Cursor::Clear::operator()(pg_result* result) const {
  PQclear(result);
}

void Cursor::bind_integer(std::int64_t value) {
  auto& parameter = parameters_.emplace_back(kInt8);
  append_number(&parameter.bytes, static_cast<std::uint64_t>(value));
}

void Cursor::bind_boolean(bool value) {
  parameters_.push_back({kBool, std::string(1, value ? '\1' : '\0'), false});
}

void Cursor::bind_text(std::string_view value) {
  parameters_.push_back({kText, std::string(value), false});
}

void Cursor::bind_bytes(std::string_view value) {
  parameters_.push_back({kBytea, std::string(value), false});
}

void Cursor::bind_null(sql::Type type) {
  parameters_.push_back({type_of(type), {}, true});
}

void Cursor::bind_array(const Array& array) {
  parameters_.push_back({array.type(), array.bytes(), false});
}

void Cursor::send() {
  if (!is_sent_) connection_.send(*this);
}

Result<bool> Cursor::step() {
  send();
  if (!failure_ && result_ == nullptr) connection_.finish();
  if (failure_) return fail(*failure_);
  if (result_ == nullptr) return fail(Code::kInternal, "store: a statement without an answer");
  return ++row_ < PQntuples(result_.get());
}

Status Cursor::queue() {
  send();
  if (failure_) return fail(*failure_);
  return {};
}

bool Cursor::is_null(int column) const {
  return PQgetisnull(result_.get(), row_, column) != 0;
}

std::string_view Cursor::bytes(int column) const {
  const int size = PQgetlength(result_.get(), row_, column);
  return {PQgetvalue(result_.get(), row_, column), static_cast<std::size_t>(size)};
}

std::int64_t Cursor::integer(int column) const {
  // boolean, int4 or int8: one, four or eight bytes.
  const auto number = bytes(column);
  if (number.empty()) return 0;
  std::uint64_t value = number.size() > 1 && (number.front() & '\x80') != 0 ? ~0ULL : 0;
  for (const char byte : number) value = (value << 8U) | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(value);
}

void Cursor::release() {
  connection_.forget(*this);
  parameters_.clear();
  is_lent_ = is_sent_ = false;
  failure_.reset();
  result_.reset();
  row_ = -1;
}

}  // namespace assay::collector::postgres
