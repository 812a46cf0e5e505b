import assert from "node:assert/strict";
import test from "node:test";
import { people } from "../../static/js/gate/people.js";

test("the help somebody needs stands beside the name, and beside nobody else's", () => {
  const record = {
    members: [{ c: "2", n: "Tài xế", r: "", h: ["wheelchair", "unheard-of"] }],
    groups: [{ name: "Gia đình bà Rươl", members: [{ c: "1", n: "Danh Chung", r: "spouse", h: ["hearing"] }, { c: "3", n: "Khôi", r: "child" }] }],
  };
  assert.deepEqual(people(record).map((each) => [each.name, each.note]), [
    ["Danh Chung", "Vợ hoặc chồng · Hỗ trợ: nghe kém"], ["Khôi", "Con"], ["Tài xế", "Hỗ trợ: xe lăn, cần giúp"],
  ]);
});
