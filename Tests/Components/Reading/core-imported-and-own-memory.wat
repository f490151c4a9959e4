;; expect: component.feature.multipleMemories
;;
;; One imported and one defined are two.
(component (core module (import "a" "b" (memory 1)) (memory 1)))
