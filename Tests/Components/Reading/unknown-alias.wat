;; expect: component.export.unknown
;;
;; What an instance does not export cannot be followed.
(component
  (import "a" (instance $i (export "b" (func))))
  (alias export $i "c" (func)))
