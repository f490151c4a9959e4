;; expect: component.feature.multipleMemories
;;
;; So are two imported ones.
(component (core module (import "a" "b" (memory 1)) (import "a" "c" (memory 1))))
