;; expect: engine.export.type
;; words: -
;;
;; An error that carries a number would carry content.
(component
  (core module $m (memory (export "m") 1) (func (export "run") (result i32) i32.const 0))
  (core instance $i (instantiate $m))
  (func $run (result (result (error u64))) (canon lift (core func $i "run") (memory (core memory $i "m"))))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
