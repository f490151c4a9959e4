;; expect: accepted
;;
;; Two links of one interface under plain names.
(component
  (type $i (instance (export "f" (func))))
  (import "site-a" (implements "cohort:statistics/moments") (instance (type $i)))
  (import "site-b" (implements "cohort:statistics/moments@1.0.0") (instance (type $i))))
