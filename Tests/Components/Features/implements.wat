;; expect: accepted
;; feature: component-model-implements
;; words: -
;;
;; One interface imported twice, under two names of its own.
(component
  (import "site-a" (implements "cohort:statistics/moments") (instance))
  (import "site-b" (implements "cohort:statistics/moments") (instance)))
