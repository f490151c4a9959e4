;; expect: engine.trap
;; words: out of bounds
;;
;; The byte behind the last page, in a memory that has grown beyond the size of a huge page.
(component
  (core module $m
    (memory 1)
    (func (export "run") (result i32)
      (drop (memory.grow (i32.const 40)))
      (drop (i32.load8_u (i32.const 0x28ffff)))
      (i32.load8_u (i32.const 0x290000))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
