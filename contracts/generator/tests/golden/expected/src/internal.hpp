// Generated from contracts/. Do not edit.
#pragma once

#include "lintel/contracts/parcels.hpp"
#include "reader.hpp"

// What the sources of the contexts need of one another.
namespace lintel::contracts::detail {

void read(const Node& node, Size& out);
void append_json(std::string& out, Size value);
void read(const Node& node, Part& out);
void read_members(Object& object, Part& out);
void append_members(std::string& out, const Part& value);
void read(const Node& node, Parcel& out);
void read_members(Object& object, Parcel& out);
void append_members(std::string& out, const Parcel& value);
void read(const Node& node, ParcelList& out);
void read_members(Object& object, ParcelList& out);
void append_members(std::string& out, const ParcelList& value);
void read(const Node& node, TrackedPart& out);
void read_members(Object& object, TrackedPart& out);
void append_members(std::string& out, const TrackedPart& value);

}  // namespace lintel::contracts::detail
