;; expect: engine.export.missing
;; words: -
;;
;; The name is there, and it is a type.
(component
  (component $c (type $t (record (field "a" u8))) (export "run" (type $t)))
  (instance $command (instantiate $c))
  (export "wasi:cli/run@0.2.12" (instance $command)))
