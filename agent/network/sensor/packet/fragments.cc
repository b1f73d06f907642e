#include "agent/network/sensor/packet/fragments.h"

#include <algorithm>
#include <utility>

namespace assay::agent::sensor {
namespace {

bool is_same(const FragmentPiece& a, const FragmentPiece& b) {
  return a.id == b.id && a.source == b.source && a.destination == b.destination &&
         a.protocol == b.protocol && a.vlan == b.vlan && a.inner_vlan == b.inner_vlan;
}

}  // namespace

Fragments::Datagram& Fragments::place_for(const FragmentPiece& piece) {
  for (auto& datagram : datagrams_)
    if (datagram.used != 0 && is_same(datagram.head, piece)) return datagram;
  auto* place = datagrams_.size() < kMaxDatagrams
                    ? &datagrams_.emplace_back()
                    : &*std::ranges::min_element(datagrams_, {}, &Datagram::used);
  if (place->used != 0 && !place->is_void) ++given_up_;
  place->head = piece;
  place->head.data = {};
  place->bytes.clear();
  place->ranges.clear();
  place->end = place->ip_bytes = place->packets = 0;
  place->is_void = false;
  return *place;
}

bool Fragments::fits(const Datagram& datagram, const FragmentPiece& piece) {
  const auto end = piece.offset + piece.data.size();
  if (piece.data.empty() || end > kMaxDatagramBytes) return false;
  if (piece.has_more && piece.data.size() % 8 != 0) return false;
  if (datagram.end != 0 && (end > datagram.end || (!piece.has_more && end != datagram.end)))
    return false;
  if (!piece.has_more && !datagram.ranges.empty() && datagram.ranges.back().end > end) return false;
  if (datagram.packets >= kMaxPieces) return false;
  return std::ranges::none_of(datagram.ranges, [&](const Range& range) {
    return range.begin < end && piece.offset < range.end;
  });
}

void Fragments::insert(Datagram& datagram, const FragmentPiece& piece) {
  const auto end = static_cast<std::uint32_t>(piece.offset + piece.data.size());
  if (datagram.bytes.size() < end) datagram.bytes.resize(end);
  std::ranges::copy(piece.data, datagram.bytes.begin() + piece.offset);
  const auto at = std::ranges::lower_bound(datagram.ranges, piece.offset, {}, &Range::begin);
  auto placed = datagram.ranges.insert(at, Range{piece.offset, end});
  if (const auto next = placed + 1; next != datagram.ranges.end() && next->begin == placed->end) {
    placed->end = next->end;
    datagram.ranges.erase(next);
  }
  if (placed != datagram.ranges.begin() && (placed - 1)->end == placed->begin) {
    (placed - 1)->end = placed->end;
    datagram.ranges.erase(placed);
  }
  if (!piece.has_more) datagram.end = end;
}

Undecoded Fragments::add(const FragmentPiece& piece, WholeDatagram* whole) {
  auto& datagram = place_for(piece);
  datagram.used = ++clock_;
  // A void datagram keeps its place, so that its other fragments do not begin it anew.
  if (datagram.is_void) return Undecoded::kFragmentMalformed;
  if (!fits(datagram, piece)) {
    datagram.is_void = true;
    return Undecoded::kFragmentMalformed;
  }
  insert(datagram, piece);
  datagram.ip_bytes += piece.ip_bytes;
  ++datagram.packets;
  if (datagram.end == 0 || datagram.ranges.size() != 1 || datagram.ranges[0].begin != 0 ||
      datagram.ranges[0].end != datagram.end)
    return Undecoded::kFragment;
  whole_.swap(datagram.bytes);
  *whole = {whole_, datagram.ip_bytes, datagram.packets, datagram.head.protocol};
  datagram.used = 0;
  datagram.bytes.clear();
  return Undecoded::kNone;
}

std::uint64_t Fragments::waiting() const {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      datagrams_, [](const Datagram& each) { return each.used != 0 && !each.is_void; }));
}

}  // namespace assay::agent::sensor
