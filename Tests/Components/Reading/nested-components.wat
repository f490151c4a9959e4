;; expect: component.depth
;;
;; The reader recurses, so the depth is bounded.
(component (component (component (component (component (component (component (component (component (component (component (component (component (component (component (component (component (core module))))))))))))))))))
