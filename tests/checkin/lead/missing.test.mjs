import assert from "node:assert/strict";
import test from "node:test";
import { arrivedOn, missingOf } from "../../../static/js/lead/missing.js";

const lines = [
  { t: "family", unit: "Đoàn B", name: "Gia đình ông Rươl", members: [{ c: "1" }, { c: "2" }] },
  { t: "delegation", unit: "Đoàn A", name: "Đoàn A", members: [{ c: "9" }], groups: [{ members: [{ c: "3" }] }] },
  { t: "family", unit: "Đoàn A", name: "Gia đình bà Hòa", members: [{ c: "3" }, { c: "4" }] },
  { t: "person", unit: "Khách", name: "Đại biểu", members: [{ c: "8" }] },
  { t: "blank", unit: "", name: "Thẻ trắng số 1", members: [] },
];

test("delegations with somebody missing, families first, nobody counted twice", () => {
  assert.deepEqual(missingOf(lines, new Set(["1", "4"])), [
    { unit: "Đoàn A", away: 2, of: 3, groups: [{ name: "Gia đình bà Hòa", away: 1, of: 2 }, { name: "", away: 1, of: 1 }] },
    { unit: "Đoàn B", away: 1, of: 2, groups: [{ name: "Gia đình ông Rươl", away: 1, of: 2 }] },
  ]);
  assert.deepEqual(missingOf(lines, new Set(["1", "2", "3", "4", "9"])), []);
});

test("a meal and yesterday's entry are no entry of today", () => {
  const at = Date.parse("2024-06-14T08:00+07:00");
  const held = [["1|entry|2024-06-14", { at }], ["2|meal|2024-06-14", { at }], ["3|entry|2024-06-13", { at: at - 86_400_000 }]];
  assert.deepEqual([...arrivedOn(held, [], "2024-06-14")], ["1"]);
});

test("every purpose of entering counts: by its hours, and once for the whole festival", () => {
  const at = Date.parse("2024-06-14T08:00+07:00");
  const purposes = [{ code: "back", kind: "entry" }, { code: "once", kind: "entry" }, { code: "gift", kind: "gift" }];
  const held = [
    ["1|back|morning", { at }], ["2|once|-", { at: at - 2 * 86_400_000 }], ["3|gift|2024-06-14", { at }],
    ["4|once|-", { at: at + 86_400_000 }], ["5|back|morning", { out: at }], ["6|entry|-", { at: Date.parse("2024-06-15T02:59+07:00") }],
  ];
  assert.deepEqual([...arrivedOn(held, purposes, "2024-06-14")], ["1", "2", "6"]);
});
