;; expect: trapped
;; memoryMiB: 1
;;
;; Writes to the first byte behind the memory that it was granted, whatever growing said.
(component
  (core module $m
    (memory 1)
    (func (export "run") (result i32)
      (drop (memory.grow (i32.const 16)))
      (i32.store8 (i32.const 1048576) (i32.const 7))
      (i32.const 0)))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
